/** Asks a Consul by hand, so that a test sees every part of an answer. */
export class Asker {
  constructor(url, headers = {}) {
    this.url = url;
    this.headers = headers;
  }

  async ask(method, path, body) {
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const answer = await fetch(this.url + path, { method, body: text, headers: this.headers });
    const content = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      index: Number(answer.headers.get("x-consul-index")),
      text: content,
      json: answer.headers.get("content-type")?.startsWith("application/json")
        ? JSON.parse(content)
        : undefined,
    };
  }

  get(path) {
    return this.ask("GET", path);
  }

  put(path, body) {
    return this.ask("PUT", path, body);
  }

  /** The ids of a service's healthy instances. */
  async healthy(name) {
    const { json } = await this.get(`/v1/health/service/${name}?passing`);
    return json.map(({ Service }) => Service.ID);
  }

  fault(kind, more = {}) {
    return this.put("/fake/faults", { kind, ...more });
  }
}
