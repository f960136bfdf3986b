const INSTANCES = /^\/v1\/health\/service\//;

/**
 * On a port of its own, the agent may show instances at other ports than they have said: so that
 * something can be put between who asks there and whom that one finds. No Consul does this.
 *
 *   { "18500": { "confab-media-media-1": { "grpc_port": "17000" } } }
 *
 * means: who asks on port 18500 is told that this service, by its ID, has this in its Meta. Its Port
 * follows where it is one of those that change.
 */
export class Views {
  #byPort;

  constructor(views = {}) {
    this.#byPort = new Map(
      Object.entries(views).map(([port, services]) => [Number(port), services]),
    );
  }

  get ports() {
    return [...this.#byPort.keys()];
  }

  /** The answer as it looks on that port. */
  of(port, path, answer) {
    const services = this.#byPort.get(port);
    if (!services || !INSTANCES.test(path) || !Array.isArray(answer.json)) return answer;
    const json = answer.json.map((entry) => {
      const meta = services[entry.Service?.ID];
      return meta ? { ...entry, Service: shown(entry.Service, meta) } : entry;
    });
    return { ...answer, json };
  }
}

function shown(service, meta) {
  const name = Object.keys(meta).find((key) => service.Meta[key] === String(service.Port));
  const port = name === undefined ? service.Port : Number(meta[name]);
  return { ...service, Port: port, Meta: { ...service.Meta, ...meta } };
}
