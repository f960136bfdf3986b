/** The gates of a program (main.mjs), as tests tell them. */
export class RemoteGates {
  #url;

  constructor(controlPort) {
    this.#url = `http://127.0.0.1:${controlPort}/gates`;
  }

  /** The names of those that fit: "signaling-1>media", "postgres", ">consul". Throws where none does. */
  async named(part) {
    const names = Object.keys(await this.#ask(""));
    const fitting = names.filter((name) => name.includes(part));
    if (fitting.length === 0) throw new Error(`no gate is named ${part}: ${names.join(", ")}`);
    return fitting;
  }

  /** Rules (rules.mjs) for all whose name has `part` in it; `cut` ends what is connected, too. */
  async set(part, rules, { cut = false } = {}) {
    for (const name of await this.named(part)) {
      await this.#ask(`/${encodeURIComponent(name)}`, "PUT", rules);
      if (cut) await this.#ask(`/${encodeURIComponent(name)}/cut`, "POST");
    }
  }

  /** Everything passes everywhere. */
  async open() {
    await this.#ask("", "DELETE");
  }

  async #ask(path, method = "GET", json = undefined) {
    const response = await fetch(this.#url + path, { method, body: json && JSON.stringify(json) });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error);
    return answer;
  }
}
