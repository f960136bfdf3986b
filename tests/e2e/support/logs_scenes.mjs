// The log viewer in every state: what its server says, played in the page's own network.

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const TOKEN = "screens";
const NOW_US = Date.parse("2026-11-29T06:44:13.120Z") * 1000;
const SERVICES = ["gateway", "media", "signaling"];

const OF_JOIN = {
  room: "quiet-harbor",
  participant: "p7k2m9x4",
  session: "s4d8f1q2",
  trace: TRACE,
};
const KINDS = [
  { service: "signaling", instance: "s1", event: "participant.joined", ...OF_JOIN },
  { service: "media", instance: "m1", event: "transport.created", ...OF_JOIN, kind: "receive" },
  {
    service: "media",
    instance: "m1",
    event: "transport.connected",
    ...OF_JOIN,
    protocol: "udp",
    took_us: 48_210,
  },
  { service: "gateway", instance: "g1", event: "http.request", path: "/api/v1/rooms", status: 200 },
  {
    service: "media",
    instance: "m2",
    event: "producer.added",
    ...OF_JOIN,
    kind: "video",
    rid: "h",
  },
  {
    service: "signaling",
    instance: "s2",
    event: "media.call_failed",
    level: "warning",
    room: "design-weekly",
    message: "Media instance m2 has not answered for 3 s; the room goes to another one.",
  },
  { service: "signaling", instance: "s1", event: "room.opened", room: "family" },
  {
    service: "media",
    instance: "m1",
    event: "transport.closed",
    level: "error",
    ...OF_JOIN,
    reason: "ICE found no way: no answer came to 12 checks",
  },
  { service: "gateway", instance: "g1", event: "connection.opened", level: "debug", port: 51_304 },
];

const timeOf = (us) => `${new Date(us / 1000).toISOString().slice(0, -1)}000Z`;

/** An entry as the server sends it. `ago`: in milliseconds. */
function entry(fields, ago, number) {
  const us = NOW_US - ago * 1000;
  const { service = "gateway", instance = "g1", level = "info", event, ...rest } = fields;
  const line = { time: timeOf(us), level, service, instance, event, ...rest };
  return {
    id: `${us}.${number}`,
    file: `${service}-${instance}.20261129T060000.000000Z.jsonl`,
    line,
  };
}

const many = (count) =>
  Array.from({ length: count }, (_, index) =>
    entry(KINDS[index % KINDS.length], index * 137, 9000 - index),
  );

const damaged = (damage, text, ago, octets = text.length) => ({
  id: `${NOW_US - ago * 1000}.${8000 - ago}`,
  file: "media-m1.20261129T060000.000000Z.jsonl",
  time: timeOf(NOW_US - ago * 1000),
  damage,
  octets,
  text,
});

const HOSTILE = [
  entry(
    {
      event: "message.refused",
      level: "warning",
      room: "<img src=x onerror=alert(1)>",
      message:
        "user\u202egnp.exe \u001b[31mred\u001b[0m \u200bhidden </script><script>alert(2)</script>",
    },
    20,
    7001,
  ),
  damaged("oversized", "x".repeat(4096), 40, 1_048_576),
  damaged("binary", "\u0000\u0001\ufffd\ufffd PNG \u001b]0;title\u0007", 60),
  damaged("torn", '{"time":"2026-11-29T06:44:1', 80),
  entry({ event: "room.opened", room: "عبد الرحمن", name: "👩‍🚀 王小明" }, 100, 7002),
];

const STATUS = {
  files: 7,
  kept: 81_204,
  oldest: "2026-11-29T03:12:40.000000Z",
  problem: "",
  services: SERVICES,
  lines: { whole: 81_200, torn: 1, binary: 1, oversized: 1, unreadable: 1 },
};

const first = (lines, more = {}) => ({
  first: true,
  lines,
  next: lines.length > 50 ? lines.at(-1).id : null,
  dropped: 0,
  status: { ...STATUS, ...more },
});

/** So long after the first ones. */
const LATER_MS = 2500;
const NEWS = { lines: many(128), dropped: 0, status: STATUS };

const refusal = (code, message) => ({ error: { code, message, id: "k3v9x2m7q4" } });

/**
 * Leads the page to a server that says `messages`, one after the other, and answers to searches with
 * `found`. "gone": it goes away. "later": new lines come after a moment.
 */
async function play(page, { messages, found = [] }) {
  await page.routeWebSocket(/\/api\/v1\/logs\/live$/, (socket) => {
    let isTold = false;
    socket.onMessage(() => {
      if (isTold) return;
      isTold = true;
      for (const message of messages) {
        if (message === "gone") socket.close({ code: 1001, reason: "" });
        else if (message === "later") setTimeout(() => socket.send(JSON.stringify(NEWS)), LATER_MS);
        else socket.send(JSON.stringify(message));
      }
    });
  });
  await page.route("**/api/v1/logs?*", (route) =>
    route.fulfill({ json: { lines: found, next: null, status: STATUS } }),
  );
  await page.evaluate((token) => sessionStorage.setItem("confab.logs.token", token), TOKEN);
  await page.reload(); // a page that was loaded before has sockets of its own
}

const scene = (name, script, { after, query = "", settleMs } = {}) => ({
  name: `logs-${name}`,
  path: `/logs${query}`,
  act: async ({ page, phone }) => {
    if (script) await play(page, script);
    await after?.({ page, phone });
  },
  ...(settleMs ? { settleMs } : {}),
});

const lines = (page) => page.getByTestId("lines").getByRole("button");
const open =
  (text) =>
  async ({ page }) => {
    await lines(page).filter({ hasText: text }).first().click();
  };
const live = { messages: [first(many(300))] };
const ofTrace = KINDS.filter(({ trace }) => trace === TRACE).map((fields, index) =>
  entry(fields, 400 - index * 63, 7100 + index),
);

export const logsScenes = [
  scene("no-token", null),
  scene("live", live, { after: ({ page }) => lines(page).first().waitFor() }),
  scene(
    "paused",
    { messages: [first(many(300)), "later"] },
    {
      after: async ({ page }) => {
        await lines(page).first().waitFor();
        await page.getByTestId("lines").evaluate((element) => element.scrollTo({ top: 900 }));
        await page.getByTestId("new-lines").waitFor();
      },
    },
  ),
  scene("row", live, { after: open("transport.closed") }),
  scene(
    "trace",
    { ...live, found: [...ofTrace].reverse() },
    {
      after: async (tools) => {
        await open("transport.closed")(tools);
        await tools.page.getByTestId("show-trace").click();
        await tools.page.getByTestId("trace-panel").getByRole("listitem").first().waitFor();
      },
    },
  ),
  scene(
    "filtered",
    { messages: [first(many(300).filter(({ line }) => line.level === "error"))] },
    {
      query: "?level=error&service=media&room=quiet-harbor&text=ICE%20checks",
      after: async ({ page, phone }) => {
        await lines(page).first().waitFor();
        if (phone) await page.getByRole("button", { name: /^Filters/ }).click();
      },
    },
  ),
  scene("hostile", { messages: [first(HOSTILE)] }, { after: open("message.refused") }),
  scene("damaged", { messages: [first(HOSTILE)] }, { after: open("Oversized line") }),
  scene("loading", { messages: [] }),
  scene("empty", { messages: [first([], { kept: 0, files: 0, oldest: null, lines: {} })] }),
  scene("nothing-found", { messages: [first([])] }, { query: "?room=quiet-harbour" }),
  scene("no-folder", {
    messages: [
      first([], {
        kept: 0,
        files: 0,
        oldest: null,
        lines: {},
        problem:
          "The log folder /var/log/confab cannot be read (Permission denied): see that it is there and that confab may read it, or name another with log.folder.",
      }),
    ],
  }),
  scene("away", { messages: [first(many(300)), "gone"] }, { settleMs: 300 }),
  scene("refused", {
    messages: [refusal("unauthorized", "The token has expired: open a new link.")],
  }),
  scene("wrong", {
    messages: [refusal("invalid_message", "level is debug, info, warning or error.")],
  }),
];
