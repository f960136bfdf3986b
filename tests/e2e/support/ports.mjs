import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** A port that nobody uses now, for TCP and UDP. */
export async function freePort() {
  for (;;) {
    const tcp = createServer();
    await new Promise((resolve, reject) => {
      tcp.once("error", reject);
      tcp.listen(0, "127.0.0.1", resolve);
    });
    const { port } = tcp.address();
    const udpIsFree = await new Promise((resolve) => {
      const udp = createSocket("udp4");
      udp.once("error", () => resolve(false));
      udp.bind(port, "127.0.0.1", () => udp.close(() => resolve(true)));
    });
    await new Promise((resolve) => tcp.close(resolve));
    if (udpIsFree) return port;
  }
}
