// A server's /metrics, read once or again and again as Prometheus does.

async function scrape(server) {
  const response = await fetch(`${server.origin}/metrics`);
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  return response.text();
}

function sumOf(text, name) {
  const samples = text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "gm"));
  const values = [...samples].map(([, value]) => Number(value));
  if (values.length === 0) throw new Error(`/metrics has no ${name}`);
  return values.reduce((sum, value) => sum + value, 0);
}

/** What the media workers have used, and sent, so far. */
export async function readWorkers(server) {
  const text = await scrape(server);
  return {
    cpuSeconds: sumOf(text, "confab_media_worker_cpu_seconds_total"),
    sentPackets: sumOf(text, "confab_media_sent_packets_total"),
  };
}

/** Scrapes every so often until it is ended, which tells how often; a period of 0: never. */
export function scrapeEvery(server, periodMs) {
  const scrapes = [];
  const timer = periodMs && setInterval(() => scrapes.push(scrape(server)), periodMs);
  return {
    async end() {
      if (timer) clearInterval(timer);
      return (await Promise.all(scrapes)).length;
    },
  };
}
