import type { Fetch } from "../call/api";

interface Answer {
  status: number;
  body: unknown;
}

interface Asked {
  path: string;
  authorization: string | null;
}

/** The gateway's REST interface, whose other end is the test. */
export class FakeApi {
  readonly asked: Asked[] = [];
  /** Without an answer set: a guest's invitation each time, and no TURN server. */
  readonly #answers = new Map<string, () => Answer | Promise<Answer>>();
  #guests = 0;

  readonly fetch: Fetch = async (path, init) => {
    this.asked.push({ path, authorization: new Headers(init.headers).get("authorization") });
    const kind = path.endsWith("/guest-tokens") ? "guest" : "turn";
    const aborted = new Promise<never>((_, reject) => {
      init.signal?.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
    });
    const answer = Promise.resolve(this.#answers.get(kind)?.() ?? this.#usual(kind));
    const { status, body } = await Promise.race([answer, aborted]);
    return new Response(JSON.stringify(body), { status });
  };

  /** How the next ones of this kind are answered. */
  answer(kind: "guest" | "turn", status: number, body: unknown): void {
    this.#answers.set(kind, () => ({ status, body }));
  }

  refuse(kind: "guest" | "turn", status: number, error: object): void {
    this.answer(kind, status, { error: { message: "", id: "e-1", ...error } });
  }

  /** As when the network is away. */
  fail(kind: "guest" | "turn"): void {
    this.#answers.set(kind, () => Promise.reject(new TypeError("fetch failed")));
  }

  /** No answer comes. */
  hang(kind: "guest" | "turn"): void {
    this.#answers.set(kind, () => new Promise(() => undefined));
  }

  recover(kind: "guest" | "turn"): void {
    this.#answers.delete(kind);
  }

  count(part: string): number {
    return this.asked.filter(({ path }) => path.includes(part)).length;
  }

  #usual(kind: string): Answer {
    if (kind === "turn") return { status: 201, body: { ice_servers: [], lifetime_s: 300 } };
    this.#guests += 1;
    const token = `guest-${this.#guests}`;
    return { status: 201, body: { token, room: "room", path: "/r/room", ice_servers: [] } };
  }
}
