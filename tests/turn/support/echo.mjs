// Sends back what comes: echo.mjs PORT ADDRESS…. Says "ready", then a line for each datagram.
import { createSocket } from "node:dgram";
import { isIPv6 } from "node:net";

const [port, ...addresses] = process.argv.slice(2);
let bound = 0;
for (const address of addresses) {
  const isV6 = isIPv6(address);
  const socket = createSocket({ type: isV6 ? "udp6" : "udp4", ipv6Only: isV6 });
  socket.on("message", (bytes, from) => {
    console.log(`heard ${bytes.toString("hex")} from ${from.address}`);
    socket.send(bytes, from.port, from.address);
  });
  socket.bind(Number(port), address, () => {
    bound += 1;
    if (bound === addresses.length) console.log("ready");
  });
}
