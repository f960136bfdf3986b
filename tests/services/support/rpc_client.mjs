import grpc from "@grpc/grpc-js";

const DEADLINE_MS = 5000;

/** Calls methods by their names with messages as bytes; no schema is needed for what is asked here. */
export class RpcClient {
  #client;

  constructor(port, credentials = grpc.credentials.createInsecure()) {
    this.#client = new grpc.Client(`127.0.0.1:${port}`, credentials);
  }

  /** The answer's bytes, or an error with `code` and `details`. */
  call(method, { token, request = Buffer.alloc(0) } = {}) {
    const metadata = new grpc.Metadata();
    if (token !== undefined) metadata.set("authorization", token);
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        method,
        (bytes) => bytes,
        (bytes) => bytes,
        request,
        metadata,
        { deadline: Date.now() + DEADLINE_MS },
        (error, response) => (error ? reject(error) : resolve(response)),
      );
    });
  }

  /** grpc.health.v1: "SERVING", "NOT_SERVING", or the status' details. */
  async health(service = "") {
    const name = Buffer.from(service);
    const request = name.length > 0 ? Buffer.concat([Buffer.from([10, name.length]), name]) : name;
    const answer = await this.call("/grpc.health.v1.Health/Check", { request });
    return ["UNKNOWN", "SERVING", "NOT_SERVING"][answer[1] ?? 0];
  }

  close() {
    this.#client.close();
  }
}

export const { status, credentials } = grpc;
