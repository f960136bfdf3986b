import { HttpError, notFound } from "./http_error.mjs";

/** A table of [method, path, function]; a path may end with {id}, which takes all that follows. */
export class Routes {
  #exact = new Map();
  #prefixes = [];

  constructor(rows) {
    for (const [method, path, call] of rows) {
      const at = path.indexOf("{id}");
      if (at < 0) this.#methodsOf(this.#exact, path)[method] = call;
      else this.#prefix(path.slice(0, at))[method] = call;
    }
  }

  /** @returns {{ call: Function, id: string }} */
  find(method, path) {
    const exact = this.#exact.get(path);
    const prefix = this.#prefixes.find(({ text }) => path.startsWith(text));
    const methods = exact ?? prefix?.methods;
    if (!methods) throw notFound("");
    const call = methods[method];
    if (!call) throw new HttpError(405, `method ${method} not allowed`);
    return { call, id: exact ? "" : decode(path.slice(prefix.text.length)) };
  }

  #methodsOf(map, path) {
    if (!map.has(path)) map.set(path, {});
    return map.get(path);
  }

  #prefix(text) {
    let found = this.#prefixes.find((each) => each.text === text);
    if (!found) {
      found = { text, methods: {} };
      this.#prefixes.push(found);
      this.#prefixes.sort((a, b) => b.text.length - a.text.length);
    }
    return found.methods;
  }
}

function decode(text) {
  let plain;
  try {
    plain = decodeURIComponent(text);
  } catch {
    throw new HttpError(400, "Invalid path");
  }
  if (plain.includes("\n")) throw new HttpError(400, "Invalid path: contains a line feed");
  return plain;
}
