import { createSocket } from "node:dgram";
import { createServer } from "node:net";

// Below the range from which Linux gives ports to clients (32768 and up): what is free now is still
// free when a server is started there, or started again.
const [FIRST, LAST] = [10_100, 31_900];
const chosen = new Set();

/** A port that nobody uses now, for TCP and UDP. */
export async function freePort() {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if (chosen.has(port) || !(await isFree(port))) continue;
    chosen.add(port);
    return port;
  }
}

async function isFree(port) {
  const tcp = createServer();
  const udp = createSocket("udp4");
  const tcpIsFree = await succeeds(tcp, () => tcp.listen(port, "127.0.0.1"));
  const udpIsFree = await succeeds(udp, () => udp.bind(port, "127.0.0.1"));
  for (const [socket, isOpen] of [
    [tcp, tcpIsFree],
    [udp, udpIsFree],
  ]) {
    if (isOpen) await new Promise((resolve) => socket.close(resolve));
  }
  return tcpIsFree && udpIsFree;
}

function succeeds(socket, open) {
  return new Promise((resolve) => {
    socket.once("error", () => resolve(false));
    socket.once("listening", () => resolve(true));
    open();
  });
}
