import { badRequest } from "./http_error.mjs";

/** What can be wrong with a Consul, on purpose. See the README. */
const LASTING = ["refuse", "delay", "error", "cut", "hang", "garbage"];
const AT_ONCE = ["reset-index", "forget"];

/** The fault that is in force, if any: for requests whose path begins so, and so many of them. */
export class Faults {
  #fault;

  get inForce() {
    return this.#fault;
  }

  /** @returns what the server has to do at once, or undefined */
  set({ kind, path = "/v1/", times = Infinity, ms = 0 }) {
    if (AT_ONCE.includes(kind)) return kind;
    if (!LASTING.includes(kind)) {
      throw badRequest(`No such fault; there are: ${[...LASTING, ...AT_ONCE].join(", ")}`);
    }
    this.#fault = { kind, path, times, ms };
    return kind === "refuse" ? "close" : undefined;
  }

  clear() {
    this.#fault = undefined;
  }

  /** The fault that this request meets; one less is left of it then. */
  meets(path, ...kinds) {
    const fault = this.#fault;
    if (!fault || !path.startsWith(fault.path) || !kinds.includes(fault.kind)) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.clear();
    return fault;
  }
}
