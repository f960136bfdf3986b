// Calls as the server explains them (docs/logs-viewer.md), for the page that shows them.

const BEGIN_MS = Date.parse("2026-11-29T06:44:13.120Z");

/** So many seconds after the first call began, as logs have times. */
export const at = (seconds) =>
  `${new Date(BEGIN_MS + seconds * 1000).toISOString().slice(0, -1)}000Z`;
/** The id of the line that was written then. */
export const lineAt = (seconds, number = 1) => `${(BEGIN_MS + seconds * 1000) * 1000}.${number}`;

export const ROOM = "quiet-harbor";
export const AMARA = "k3v9x2m7q4w8e1r5t6y0u2i4o9";
export const JONAS = "b7n4m1z8x3c6v9l2k5j0h7g4f1";
export const ERROR_ID = "q1w2e3r4t5y6u7i8o9p0a1s2d3";
export const TRACE = "0af7651916cd43dd8448eb211c80319c";

const FIGURES = {
  checks: 42,
  packets_received: 18_204,
  bytes_received: 15_310_442,
  packets_sent: 36_871,
  bytes_sent: 31_008_119,
  dropped: 0,
  lost_received: 12,
  lost_sent: 0,
  round_trip_ms: 24,
  jitter_ms: 3,
  producers: 2,
  consumers: 2,
};

export function transport(change = {}) {
  return {
    id: "t4d8f1q2",
    direction: "send",
    media: "m1",
    made: at(1),
    connected: at(1.048),
    closed: null,
    reason: "",
    protocol: "udp",
    local: "203.0.113.7:40000",
    remote: "~5c1e9a",
    local_type: "host",
    relay_protocol: null,
    figures: FIGURES,
    at: at(580),
    ...change,
  };
}

export function participant(id, change = {}) {
  return {
    id,
    joined: at(1),
    left: at(600),
    reason: "left",
    sessions: [`s${id.slice(0, 9)}`],
    traces: [TRACE],
    stages: [
      { name: "reach", ms: 3.2 },
      { name: "token", ms: 0.4 },
      { name: "home", ms: 5.1 },
      { name: "transports", ms: 11 },
      { name: "consumers", ms: 7.6 },
      { name: "all", ms: 28 },
      { name: "client-reply", ms: 74 },
      { name: "client-ice", ms: 131 },
      { name: "client-dtls", ms: 168 },
      { name: "client-packet", ms: 290 },
      { name: "client-frame", ms: 344 },
    ],
    connections: [
      { at: at(1), what: "joined", from: "s1" },
      { at: at(600), what: "left", from: "" },
    ],
    transports: [
      transport({ id: `w1${id.slice(0, 6)}` }),
      transport({ id: `w2${id.slice(0, 6)}`, direction: "recv" }),
    ],
    producers: [
      { id: "p1", source: "microphone", added: at(1.2), closed: at(600), paused: false, muted: [] },
      { id: "p2", source: "camera", added: at(1.3), closed: at(600), paused: false, muted: [] },
    ],
    client: {
      at: at(590),
      phase: "ended",
      send_state: "connected",
      send_local_type: "host",
      send_protocol: "udp",
      send_checks_sent: 44,
      send_checks_answered: 42,
      send_round_trip_ms: 23,
      recv_state: "completed",
      recv_local_type: "host",
      recv_protocol: "udp",
      sent_packets: 18_216,
      sent_bytes: 15_320_118,
      sent_lost: 12,
      received_packets: 36_871,
      received_bytes: 31_008_119,
      received_lost: 0,
      received_freezes: 0,
      received_freeze_ms: 0,
      received_jitter_ms: 4,
      received_frames: 17_400,
    },
    ...change,
  };
}

export function story(change = {}) {
  return {
    room: ROOM,
    live: false,
    from: at(0),
    to: at(601),
    complete: true,
    calls: [{ from: at(0), to: at(601), participants: 2 }],
    media: [{ instance: "m1", from: at(0), to: at(601) }],
    participants: [participant(AMARA), participant(JONAS, { joined: at(4) })],
    failures: [],
    findings: [],
    ...change,
  };
}

export const healthy = story();

/** UDP is blocked for one, and the other's token had expired before. */
export const troubled = story({
  calls: [
    { from: at(0), to: at(601), participants: 2 },
    { from: at(-90_000), to: at(-88_000), participants: 5 },
  ],
  participants: [
    participant(AMARA, {
      transports: [
        transport({
          protocol: "udp",
          local_type: "relay",
          relay_protocol: "tls",
          connected: at(4.9),
          figures: { ...FIGURES, lost_received: 1420, round_trip_ms: 188 },
        }),
        transport({ id: "t2", direction: "recv", connected: null, figures: { checks: 0 } }),
      ],
      connections: [
        { at: at(1), what: "joined", from: "s1" },
        { at: at(200), what: "lost", from: "" },
        { at: at(204), what: "resumed", from: "s2" },
        { at: at(600), what: "left", from: "" },
      ],
      producers: [
        {
          id: "p1",
          source: "microphone",
          added: at(1.2),
          closed: null,
          paused: true,
          muted: [
            { from: at(60), to: at(94), by: "self" },
            { from: at(300), to: null, by: "moderator" },
          ],
        },
      ],
    }),
    participant(JONAS, { joined: at(41) }),
  ],
  failures: [
    {
      at: at(22),
      event: "connection.refused",
      service: "signaling",
      participant: null,
      code: "unauthorized",
      message: "The token has expired: ask for a new one.",
      error_id: ERROR_ID,
      trace: TRACE,
      line: lineAt(22),
    },
  ],
  findings: [
    {
      cause: "token_expired",
      severity: "warning",
      participant: null,
      instance: null,
      from: at(22),
      to: at(22),
      sentence: "Somebody was refused because the token had expired 40 s before.",
      advice: "Give out links that live longer (auth.join_token_lifetime), or use them sooner.",
      lines: [lineAt(22)],
    },
    {
      cause: "udp_blocked",
      severity: "error",
      participant: AMARA,
      instance: "m1",
      from: at(4.9),
      to: at(600),
      sentence: "Media could leave this participant's network only through a relay over TLS.",
      advice: "Let UDP to 203.0.113.7:40000 out of that network.",
      lines: [lineAt(4.9), lineAt(5), lineAt(6), lineAt(7)],
    },
    {
      cause: "producer_muted",
      severity: "note",
      participant: AMARA,
      instance: null,
      from: at(60),
      to: at(94),
      sentence: "The microphone was muted by the participant for 34 s.",
      advice: "",
      lines: [],
    },
  ],
});

const MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>";
const HIDDEN = "user\u202egnp.exe\u0000\u001b[31m\u200b";

/** Whatever can be written into a log. */
export const hostile = story({
  room: `${MARKUP}${HIDDEN}`,
  media: [{ instance: HIDDEN, from: "yesterday", to: 7 }],
  calls: [null, "x", { from: MARKUP }],
  participants: [
    participant(MARKUP, {
      reason: HIDDEN,
      sessions: [MARKUP, 7],
      traces: ["javascript:alert(1)"],
      stages: [
        { name: MARKUP, ms: -5 },
        { name: "client-frame", ms: 1e300 },
      ],
      connections: [{ at: "never", what: MARKUP, from: HIDDEN }],
      transports: [transport({ local: MARKUP, figures: { checks: "many", bytes_sent: 1e30 } })],
      producers: [{ source: MARKUP, muted: "always" }],
      client: { send_state: MARKUP, relays_failed: HIDDEN, received_freezes: {} },
    }),
  ],
  failures: [
    { message: MARKUP, error_id: HIDDEN, line: "javascript:alert(1)", trace: MARKUP, code: [] },
    { message: "y".repeat(60_000), participant: "nobody" },
  ],
  findings: [
    { cause: MARKUP, severity: "fatal", sentence: HIDDEN, advice: MARKUP, lines: ["javascript:1"] },
  ],
});

export const missing = {
  error: {
    code: "room_not_found",
    message: "No line of this room is kept.",
    id: "z9x8c7v6b5n4m3l2k1j0h9g8f7",
  },
};
