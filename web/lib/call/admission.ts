import type { Invitation } from "./invitation";
import type { Relays } from "./relays";
import type { SessionMemory } from "./session_memory";

/** What a join shows: that it comes back, or that it was invited. */
export type Ticket = { resume: string } | { token: string };

/** The pointer moves on the button many times. */
const PREPARE_INTERVAL_MS = 5000;

interface AdmissionParts {
  memory: SessionMemory;
  invitation: Invitation;
  relays: Relays;
  now(): number;
}

interface HeldSession {
  name: string;
  resumeToken: string;
}

/**
 * What opens this page's doors: the resume token of its participant, also of before a reload, or
 * else an invitation; and with either the TURN servers' credentials. Owned by the call client.
 */
export class Admission {
  readonly #memory: SessionMemory;
  readonly #invitation: Invitation;
  readonly #relays: Relays;
  readonly #now: () => number;
  #room = "";
  #session: HeldSession | null = null;
  /** What the last handshake was given. */
  #shown = "";
  #preparedAt = Number.NEGATIVE_INFINITY;

  constructor({ memory, invitation, relays, now }: AdmissionParts) {
    this.#now = now;
    this.#memory = memory;
    this.#invitation = invitation;
    this.#relays = relays;
  }

  /** Finds what an earlier load of this page has left. */
  open(room: string): void {
    this.#room = room;
    this.#session = this.#memory.read(room);
  }

  get room(): string {
    return this.#room;
  }

  /** The name of the participant that this page can come back as; null when there is none. */
  get returningAs(): string | null {
    return this.#session?.name ?? null;
  }

  /** The secret of the participant; null while there is none. */
  get resumeToken(): string | null {
    return this.#session?.resumeToken ?? null;
  }

  /** For a handshake: at once where there is something, else when a guest's invitation has come. */
  credentials(): string | Promise<string> {
    const token = this.resumeToken ?? this.#invite();
    if (typeof token !== "string") {
      return token.then((given) => {
        this.#shown = given;
        return given;
      });
    }
    this.#shown = token;
    void this.#relays.freshen(token);
    return token;
  }

  /** The server takes what `credentials()` gave last no more. */
  discardCredentials(): void {
    this.#discard(this.#shown);
  }

  /** For a join: at once where there is something, so that the click sends its message itself. */
  ticket(): Ticket | Promise<Ticket> {
    if (this.#session) return { resume: this.#session.resumeToken };
    const token = this.#invite();
    return typeof token === "string" ? { token } : token.then((given) => ({ token: given }));
  }

  /** The join with this ticket was refused. */
  refuse(ticket: Ticket): void {
    this.#discard("resume" in ticket ? ticket.resume : ticket.token);
  }

  /** The join with this ticket went well. */
  admitted(ticket: Ticket): void {
    if ("token" in ticket) this.#invitation.used(ticket.token);
  }

  /** In the call, under this name and with this token: survives a reload of the tab. */
  remember(name: string, resumeToken: string): void {
    if (resumeToken === "") return; // This server lets nobody come back.
    this.#session = { name, resumeToken };
    this.#memory.write({ room: this.#room, name, resumeToken });
  }

  /** There is nothing to come back to. */
  forget(): void {
    this.#session = null;
    this.#memory.forget();
  }

  /** The participant is at another place now: this page may take it back, a reload does not. */
  lend(): void {
    this.#memory.forget();
  }

  /** The click is near: what it will need is made fresh meanwhile. At most every five seconds. */
  prepare(): void {
    if (this.#session || this.#now() - this.#preparedAt < PREPARE_INTERVAL_MS) return;
    this.#preparedAt = this.#now();
    const token = this.#invite();
    if (typeof token === "string") void this.#relays.freshen(token);
    else token.catch(() => undefined); // The click asks again.
  }

  /** Before ICE begins anew. Takes two seconds at most and never rejects. */
  freshenRelays(): Promise<void> {
    return this.#relays.freshen(this.resumeToken ?? this.#invitation.current);
  }

  #invite(): string | Promise<string> {
    const token = this.#invitation.take();
    if (typeof token === "string") return token;
    return token.then((given) => {
      const servers = this.#invitation.takeIceServers();
      if (servers) this.#relays.accept(servers);
      return given;
    });
  }

  #discard(token: string): void {
    if (this.#session?.resumeToken === token) this.forget();
    else this.#invitation.discard(token);
  }
}
