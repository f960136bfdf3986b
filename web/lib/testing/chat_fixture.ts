import type { JoinRoomReply, Message, MessagesReply, SendMessagePayload } from "../protocol/events";
import { callFixture, type Fixture, joinRoom, participant } from "./call_fixture";

/** A message to everybody, from Bo. */
export function message(number: number, change: Partial<Message> = {}): Message {
  const text = `text ${number}`;
  const sentAt = 1_700_000_000_000 + number * 1000;
  return { number, id: `m${number}`, from: "bo", name: "Bo", text, sentAt, mine: false, ...change };
}

/** The server's side of the chat, as docs/signaling-protocol.md has it. */
export class FakeChat {
  readonly stored: Message[] = [];

  /** Serves history, and stores what is sent, each id once. */
  serve({ socket }: Fixture): void {
    socket.replies.set("getMessages", (asked: { before?: number; limit?: number }) =>
      this.page(asked),
    );
    socket.replies.set("sendMessage", (payload: SendMessagePayload) => ({
      message: this.store(payload),
    }));
  }

  page({ before = Number.POSITIVE_INFINITY, limit = 50 }): MessagesReply {
    const older = this.stored.filter(({ number }) => number < before);
    return { messages: older.slice(-limit), more: older.length > limit };
  }

  store({ id, text, to }: SendMessagePayload): Message {
    const known = this.stored.find((other) => other.mine && other.id === id);
    if (known) return known;
    const number = (this.stored.at(-1)?.number ?? 0) + 1;
    const own = { id, text, from: "me", name: "Ada", mine: true };
    const private_ = to === undefined ? {} : { to, toName: "Bo" };
    const stored = message(number, { ...own, ...private_ });
    this.stored.push(stored);
    return stored;
  }

  fill(from: number, to: number): void {
    for (let number = from; number <= to; number++) this.stored.push(message(number));
  }
}

export interface ChatFixture extends Fixture {
  server: FakeChat;
  state(): ReturnType<Fixture["client"]["chat"]["getSnapshot"]>;
  numbers(): number[];
  hear(...messages: Message[]): void;
}

let now = 1000;

/** In a call with Bo and Cy, after reading what the server has stored. */
export async function inChat(
  server = new FakeChat(),
  reply: Partial<JoinRoomReply> = {},
): Promise<ChatFixture> {
  const fixture = callFixture({ now: () => now });
  let seq = 10;
  server.serve(fixture);
  await joinRoom(fixture, { participants: [participant("bo"), participant("cy")], ...reply });
  const state = () => fixture.client.chat.getSnapshot();
  return {
    ...fixture,
    server,
    state,
    numbers: () => state().messages.map(({ number }) => number),
    hear: (...messages) => {
      for (const heard of messages) {
        seq += 1;
        fixture.socket.server("message", { seq, message: heard });
      }
    },
  };
}

export function passTime(ms: number): void {
  now += ms;
}
