// gRPC over HTTP/2 as its specification says it, without a library: what a stranger can send.
import { connect } from "node:http2";

const DEADLINE_MS = 5000;
export const status = {
  OK: 0,
  DEADLINE_EXCEEDED: 4,
  PERMISSION_DENIED: 7,
  UNIMPLEMENTED: 12,
  UNAUTHENTICATED: 16,
};

/** The status of a call with an empty message. `method` is "/package.Service/Method". */
export async function grpcStatus(port, method, { token, deadlineMs = DEADLINE_MS } = {}) {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  try {
    return await new Promise((resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": method,
        "content-type": "application/grpc",
        "grpc-timeout": `${deadlineMs}m`,
        te: "trailers",
        ...(token === undefined ? {} : { authorization: token }),
      });
      const take = (headers) => {
        const code = headers["grpc-status"];
        if (code !== undefined) resolve(Number(code));
      };
      stream.on("response", take);
      stream.on("trailers", take);
      stream.on("error", reject);
      // The server gives up a stream whose deadline has passed without a word.
      stream.on("close", () => resolve(status.DEADLINE_EXCEEDED));
      stream.resume();
      const lengthOfNothing = 0;
      stream.end(Buffer.from([0, 0, 0, 0, lengthOfNothing]));
    });
  } finally {
    session.destroy();
  }
}
