import { setTimeout as pause } from "node:timers/promises";
import { until } from "../../../services/support/waiting.mjs";
import { RemoteGates } from "../../../support/gate/remote_gates.mjs";
import { brokenSequences, lostDeeds } from "../../../support/history/deeds.mjs";
import { History } from "../../../support/history/history.mjs";
import { doubleOwners } from "../../../support/history/owners.mjs";
import { ghosts } from "../../../support/history/rosters.mjs";
import { gapsOf, lostSince } from "../../../support/history/sound.mjs";
import { measureFirst } from "../../../support/measure_first.mjs";
import { People, together } from "../../support/people.mjs";
import { Stack } from "../../support/stack.mjs";
import { Headless } from "./headless.mjs";

/** Ways on which faults put something. */
const GATES = [
  ...["signaling-media", "signaling-postgres", "signaling-consul", "media-consul"],
  ...["gateway-consul", "logs-postgres"],
];
export const ROOMS = 4;
const IN_ROOM = 5;
const ACTS_EVERY_MS = 1000;
const REFUSED_MS = 200;
/** What is shorter is this machine, not confab. */
const NOTICED_MS = 300;
const QUIET_MS = 30_000;

/**
 * A stack with gates everywhere and people in rooms on both of its media instances, who act all the
 * time. Faults are tried on it one after another; after each all must be as before.
 */
export class World {
  history = new History();
  people = [];
  /** Two more, in Chromium and in a room of their own, where the world has them. */
  watched = [];
  #browsers = null;
  #reigns = [];
  #known = new Set();
  #acting = false;
  #acts = [];
  /** How many more were made. */
  #rooms = 0;

  /**
   * @param {{ rooms?: number, isWatched?: boolean }} options
   *   rooms: with five people each; isWatched: two more are in Chromium
   */
  static async up(name, { rooms = ROOMS, isWatched = false } = {}) {
    const world = new World();
    measureFirst();
    try {
      await world.#begin(name, rooms);
      if (isWatched) await world.#watch();
    } catch (error) {
      await world.down().catch(() => {}); // why it did not begin is what matters
      throw error;
    }
    return world;
  }

  async #begin(name, rooms) {
    this.stack = await Stack.up(name, ["--gates", GATES.join(), "--plain-rtp"]);
    this.gates = new RemoteGates(this.stack.ports.gates.control);
    for (let i = 0; i < rooms * IN_ROOM; ++i) {
      this.people.push(this.newcomer(`P${i}`, `room-${i % rooms}`));
    }
    await Promise.all(this.people.map((one) => one.join()));
    await this.untilQuiet();
  }

  /** They stand for other machines: those whose gaps are measured do not wait for their pictures. */
  async #watch() {
    this.#browsers = new People(this.stack);
    for (const [index, name] of ["Ada", "Ben"].entries()) {
      this.watched.push(await this.#browsers.enter(name, index + 1, "watched", { isBehind: true }));
    }
    await this.untilSeen();
  }

  /**
   * Until the two in Chromium see and hear each other, by themselves; where there are none, at once.
   * @returns how long that took
   */
  async untilSeen() {
    const begin = performance.now();
    await together(...this.watched);
    return performance.now() - begin;
  }

  /** What the two in Chromium show goes where CONFAB_E2E_REPORT says. */
  async report(title) {
    await this.#browsers?.report(title);
  }

  /** Not in the room yet. */
  newcomer(who, room) {
    const { history, stack } = this;
    const instanceOf = (port) => mediaAt(stack, port);
    const onReign = (reign) => this.#reigns.push(reign);
    return new Headless({ who, room, origin: stack.origin, history, instanceOf, onReign });
  }

  get rooms() {
    return [...new Set(this.people.map(({ room }) => room))];
  }

  get present() {
    return this.people.map((one) => one.present);
  }

  /** The media instance by which people hear each other. */
  homeOf(room) {
    return this.people.find((one) => one.room === room).sound.reign?.owner;
  }

  /** Who is heard by that media instance. */
  peopleAt(instance) {
    return this.people.filter(({ room }) => this.homeOf(room) === instance);
  }

  /**
   * Where nobody is at that media instance five more come, into a room of their own. One that has
   * just been started gets rooms when signaling has heard of it: until then they try again.
   * @returns them, who leave by `part`
   */
  async populate(instance) {
    if (this.peopleAt(instance).length > 0) return [];
    let company = [];
    const isThere = async () => {
      await this.part(company);
      company = await this.#company();
      return this.homeOf(company[0].room) === instance;
    };
    await until(isThere, `a room at ${instance}`, QUIET_MS);
    return company;
  }

  async #company() {
    const number = ++this.#rooms;
    const company = [];
    for (let i = 0; i < IN_ROOM; ++i) {
      company.push(this.newcomer(`B${number}-${i}`, `beside-${number}`));
    }
    await Promise.all(company.map((one) => one.join()));
    this.people.push(...company);
    await this.untilQuiet();
    return company;
  }

  async part(company) {
    this.people = this.people.filter((one) => !company.includes(one));
    await Promise.all(company.map((one) => one.leave()));
  }

  /** Everybody acts, once a second, until `quiet`. */
  act() {
    this.#acting = true;
    this.#acts = this.people.map(async (one) => {
      await pause(Math.random() * ACTS_EVERY_MS);
      while (this.#acting) {
        if (one.isThere) await one.act();
        await pause(ACTS_EVERY_MS);
      }
    });
  }

  async stopActing() {
    this.#acting = false;
    await Promise.all(this.#acts);
  }

  /**
   * Until each has done one thing more that is acknowledged: where everything is refused, nothing
   * that was acknowledged can be lost.
   */
  async untilAllDo(waitMs = QUIET_MS) {
    const does = async (person) => {
      if (person.isThere && (await person.act())) return true;
      await pause(REFUSED_MS);
      return false;
    };
    const isHeard = (person) =>
      until(
        () => does(person),
        () => `${person.who} to do something that is acknowledged`,
        waitMs,
      );
    await Promise.all(this.people.map(isHeard));
  }

  /** Until these have come back into their rooms, once at least since `begin`. */
  async untilBack(people, begin) {
    const away = () => people.filter(({ backAt }) => backAt < begin);
    const names = () => away().map(({ who }) => who);
    await until(
      () => away().length === 0,
      () => `${names().join(", ")} to be back`,
      QUIET_MS,
    );
  }

  /**
   * Until everyone is there, hears everybody else of their room and has been told everything.
   * @returns how long that took
   */
  async untilQuiet(waitMs = QUIET_MS) {
    const begin = performance.now();
    await until(
      () => this.people.every((one) => one.isThere),
      () => `everybody: ${this.#absent()}`,
      waitMs,
    );
    const since = performance.now();
    await until(
      () => this.#deaf(since).length === 0,
      () => `everybody to be heard: ${this.#deaf(since).join("; ")}`,
      waitMs,
    );
    const took = performance.now() - begin;
    await until(
      () => this.#unsettled().length === 0,
      () => this.#unsettled().join("; "),
      waitMs,
    ).catch(() => {}); // told by `problems`
    return took;
  }

  /** See owners.mjs. */
  get reigns() {
    return [...this.#reigns, ...this.people.flatMap((one) => one.reign ?? [])];
  }

  /** What has gone wrong since it was asked last, in sentences. */
  problems() {
    const all = [
      ...this.#unsettled(),
      ...brokenSequences(this.history.entries),
      ...doubleOwners(this.reigns),
    ];
    const fresh = all.filter((problem) => !this.#known.has(problem));
    for (const problem of fresh) this.#known.add(problem);
    return fresh;
  }

  /**
   * For each of these people how long they did not hear somebody, at most, since `from`; zero where
   * that is no longer than `over`.
   */
  gapsOf(people, from, over = NOTICED_MS) {
    const now = performance.now();
    const silences = people.flatMap(({ sound }) => [...sound.silences, ...sound.silentNow(now)]);
    const listeners = people.map(({ who }) => who);
    return gapsOf(silences, { from, to: now, listeners, over });
  }

  /** How many packets never came to these people, since `from`. */
  lostBy(people, from) {
    const silences = people.flatMap(({ sound }) => sound.silences);
    return lostSince(silences, from);
  }

  async down() {
    this.#acting = false;
    await Promise.all(this.people.map((one) => one.leave()));
    await this.#browsers?.leave();
    await this.stack?.down();
  }

  #unsettled() {
    const { entries } = this.history;
    return [...ghosts(entries, this.present), ...lostDeeds(entries, this.present)];
  }

  #absent() {
    const absent = this.people.filter((one) => !one.isThere);
    return absent.map(({ who, lastProblem }) => `${who} (${lastProblem})`).join(", ");
  }

  #deaf(since) {
    return this.people.flatMap((one) =>
      this.people
        .filter(({ room, who }) => room === one.room && who !== one.who)
        .filter(({ who }) => !one.sound.hears(who, since))
        .map((other) => `${one.where} does not hear ${other.where}`),
    );
  }
}

function mediaAt(stack, port) {
  const names = stack.both("media");
  const { ports } = stack;
  return names.find((name) => port >= ports[name].firstPlain && port <= ports[name].lastPlain);
}
