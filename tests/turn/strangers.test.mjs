// coturn as it is shipped, on a small Internet: what strangers learn.
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, test } from "node:test";
import { connect as connectTls } from "node:tls";
import { until } from "../e2e/support/until.mjs";
import { ServerProcess } from "../nginx/support/server_process.mjs";
import { Stage } from "./support/stage.mjs";
import { network, noNetwork, on } from "./support/turn_server.mjs";

const FIRST_RELAY_PORT = 49_152;
// DTLS 1.2, as short as OpenSSL says it.
const CLIENT_HELLO =
  "16fefd0000000000000000003a0100002e000000000000002efefd" +
  `${"00".repeat(32)}00000004c02bc02f0100000000`;

const skip = network ? false : noNetwork;

let stage;
before(async () => {
  if (!skip) stage = await Stage.set();
});
after(() => stage?.strike());

describe("it says little", { skip }, () => {
  const SILENCE_MS = 2000;

  test("and its answers carry a fingerprint", async (t) => {
    const turn = await stage.client(t);
    for (const answer of [await turn.binding(), await turn.challenge()]) {
      assert.equal(answer.attributes.software, undefined);
      assert.equal(answer.fingerprintFits, true);
    }
  });

  test("an answer to a stranger is about as short as the question", async (t) => {
    const stranger = createSocket("udp4");
    t.after(() => stranger.close());
    const { address, port } = stage.server.address();
    const question = Buffer.from("000100002112a442000102030405060708090a0b", "hex");
    stranger.send(question, port, address);
    const [answer] = await once(stranger, "message");
    const [header, mapped, fingerprint] = [20, 12, 8];
    assert.equal(answer.length, header + mapped + fingerprint);
  });

  test("no DTLS is spoken", async (t) => {
    const stranger = createSocket("udp4");
    t.after(() => stranger.close());
    const { port, address } = stage.server.address("tls");
    let answer;
    stranger.on("message", (bytes) => {
      answer = bytes;
    });
    stranger.send(Buffer.from(CLIENT_HELLO, "hex"), port, address);
    await (await stage.client(t)).binding(); // it has had the time
    assert.equal(answer, undefined);
  });

  test("TLS 1.2, not 1.1", async (t) => {
    const { address: host, port } = stage.server.address("tls");
    const speak = async (version) => {
      const socket = connectTls({
        ...{ host, port, rejectUnauthorized: false, ciphers: "ALL@SECLEVEL=0" },
        ...{ minVersion: version, maxVersion: version },
      });
      t.after(() => socket.destroy());
      await once(socket, "secureConnect");
      return socket.getProtocol();
    };
    assert.equal(await speak("TLSv1.2"), "TLSv1.2");
    // It is not told why; it is not spoken to at all.
    const late = new Promise((done) => setTimeout(done, SILENCE_MS, "silence"));
    const refused = speak("TLSv1.1").catch(() => "an error");
    assert.match(await Promise.race([refused, late]), /silence|an error/);
  });

  test("there is no console", async () => {
    const [ip, ...rest] = on("turn");
    const ports = new ServerProcess(ip, [...rest, "ss", "-Hltun"]);
    await until("the list of ports", async () => (ports.how ? null : "not yet"));
    const taken = new Set([...ports.lastWords.matchAll(/:(\d+) +\S+:\*/g)].map(([, p]) => p));
    const services = [...taken].filter((port) => port < FIRST_RELAY_PORT);
    assert.deepEqual(services.sort(), ["3478", "5349"]);
  });

  test("a web browser learns nothing", async (t) => {
    const socket = connect(stage.server.address("tcp").port, stage.server.address("tcp").address);
    t.after(() => socket.destroy());
    socket.write("GET / HTTP/1.1\r\nHost: turn.example\r\n\r\n");
    const answer = await new Promise((resolve) => {
      socket.once("data", (bytes) => resolve(String(bytes)));
      // Being cut off is an answer, too.
      for (const end of ["error", "close"]) socket.once(end, () => resolve(""));
    });
    assert.doesNotMatch(answer, /\d\.\d\.\d|oturn/);
  });
});
