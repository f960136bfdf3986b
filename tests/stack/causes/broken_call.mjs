import { setTimeout as pause } from "node:timers/promises";
import { People, together } from "../support/people.mjs";
import { heldRoomAt } from "../support/rooms.mjs";

const NAMES = ["Ada", "Ben"];
/** Media and clients tell of themselves ten seconds after they have come. */
const TOLD_MS = [11_000, 16_000];
/** Between two strikes. */
const PAUSE_MS = [1000, 5000];
/** A room without a media instance has another one by then. */
const AFTER_MS = 15_000;

/** A call of two in Chromium that breaks in the given ways, and what was done to it. */
export class BrokenCall {
  people = [];

  /** @param {import("./causes.mjs").CAUSES} causes none: it is healthy */
  constructor(stack, tokens, causes, dice) {
    Object.assign(this, { stack, tokens, dice });
    this.causes = causes.map((cause) => ({ ...cause, drawn: cause.draw(dice, this) }));
  }

  get title() {
    const drawn = this.causes.map(({ name, drawn }) => `${name} ${JSON.stringify(drawn)}`);
    return drawn.join(" and ") || "healthy";
  }

  /** Another one in each call of a run: who is refused in one is no cause in the next. */
  get name() {
    return this.expected.join("-").replaceAll("_", "-") || "healthy";
  }

  get expected() {
    return this.causes.map(({ name }) => name).sort();
  }

  async run() {
    const { dice, stack } = this;
    this.home = {
      signaling: dice.oneOf(stack.both("signaling")),
      media: dice.oneOf(stack.both("media")),
    };
    for (const { prepare, drawn } of this.causes) await prepare?.(this, drawn);
    await this.#enter();
    await pause(dice.between(...TOLD_MS));
    for (const { strike, drawn } of this.causes.filter((cause) => cause.strike)) {
      await strike(this, drawn);
      await pause(dice.between(...PAUSE_MS));
    }
    await this.stack.up();
    await pause(AFTER_MS);
    for (const one of this.people) await one.press("leave");
    for (const { mend } of this.causes) await mend?.(this);
  }

  /** Restarts the room's media; null: with its own address again. */
  async announce(address) {
    const { stack, home } = this;
    await stack.endIfThere(home.media);
    await stack.up(...(address ? ["--announce", `${home.media}=${address}`] : []));
  }

  async close() {
    await this.group?.leave();
  }

  async #enter() {
    const { room, keeper } = await heldRoomAt(this.stack, this.home, this.name);
    this.room = room;
    this.group = new People(this.stack);
    const switchesOf = (at) => {
      const own = this.causes.flatMap(({ switches, drawn }) => switches?.(drawn) ?? []);
      return own.filter(({ who }) => who === at).flatMap(({ switches }) => switches);
    };
    this.people = await Promise.all(
      NAMES.map((name, at) =>
        this.group.enter(name, at + 1, this.room, { switches: switchesOf(at) }),
      ),
    );
    await keeper.request("leaveRoom", {});
    keeper.leave();
    const canMeet = !this.expected.includes("announced_address");
    if (canMeet) await together(...this.people);
  }
}
