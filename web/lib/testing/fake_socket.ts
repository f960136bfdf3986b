import type { SocketLike } from "../call/signaling";
import type { ClientEventName, PayloadOf, ServerEventName, ServerEvents } from "../protocol/events";

interface Sent {
  name: string;
  payload: unknown;
  acknowledge(reply: unknown): void;
}

/** A socket whose other end is the test. */
export class FakeSocket implements SocketLike {
  connected = false;
  auth: unknown = null;
  attempts = 0;
  readonly sent: Sent[] = [];
  /** Answers given at once; what is not listed stays unanswered until `answer()`. */
  readonly replies = new Map<string, (payload: never) => unknown>();
  readonly #handlers = new Map<string, ((...args: never[]) => void)[]>();

  connect(): void {
    this.attempts += 1;
  }

  disconnect(): void {
    if (!this.connected) return;
    this.connected = false;
    this.#fire("disconnect", "io client disconnect");
  }

  on(event: string, handler: (...args: never[]) => void): void {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  emit(name: string, payload: unknown, acknowledge: (reply: unknown) => void): void {
    this.sent.push({ name, payload, acknowledge });
    const reply = this.replies.get(name);
    if (reply) acknowledge(reply(payload as never));
  }

  accept(): void {
    this.connected = true;
    this.#fire("connect");
  }

  drop(): void {
    this.connected = false;
    this.#fire("disconnect", "transport close");
  }

  refuse(data?: unknown): void {
    this.#fire("connect_error", Object.assign(new Error("refused"), { data }));
  }

  server<Name extends ServerEventName>(name: Name, payload: ServerEvents[Name]): void {
    this.#fire(name, payload);
  }

  payloads<Name extends ClientEventName>(name: Name): PayloadOf<Name>[] {
    return this.sent
      .filter((message) => message.name === name)
      .map((message) => message.payload as PayloadOf<Name>);
  }

  last(name: ClientEventName): Sent {
    const found = this.sent.findLast((message) => message.name === name);
    if (!found) throw new Error(`${name} was not sent`);
    return found;
  }

  #fire(event: string, ...args: unknown[]): void {
    for (const handler of this.#handlers.get(event) ?? []) handler(...(args as never[]));
  }
}
