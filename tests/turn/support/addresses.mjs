// Who lives where, in the addresses that are there for documentation (RFC 5737, RFC 3849).

/** @typedef {{ v4: string, v6: string }} Host */
export const CLIENT = { v4: "198.51.100.2", v6: "2001:db8:1::2" };
export const TURN = [
  { v4: "192.0.2.10", v6: "2001:db8:2::10" },
  { v4: "192.0.2.20", v6: "2001:db8:2::20" },
];
export const MEDIA = { v4: "203.0.113.10", v6: "2001:db8:3::10" };
/** On the media server's wire, but no media server. */
export const NEIGHBOUR = { v4: "203.0.113.11", v6: "2001:db8:3::11" };

/** The namespaces, each on a cable of its own to the router. */
export const HOSTS = {
  client: { addresses: [CLIENT], router: { v4: "198.51.100.1", v6: "2001:db8:1::1" } },
  turn: { addresses: TURN, router: { v4: "192.0.2.1", v6: "2001:db8:2::1" } },
  media: { addresses: [MEDIA, NEIGHBOUR], router: { v4: "203.0.113.1", v6: "2001:db8:3::1" } },
};
