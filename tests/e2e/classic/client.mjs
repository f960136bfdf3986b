/**
 * A client as the tutorials teach it: socket.io-client and mediasoup-client, one event after the
 * other, nothing of confab's quick join. It draws what it receives with the marks that the tests
 * look for.
 */
import { Device } from "mediasoup-client";
import { io } from "socket.io-client";
import { invitation } from "../../support/invitation.mjs";

const parameters = new URLSearchParams(location.search);
const room = parameters.get("room");
/** The one thing that the tutorials do not know: a door that asks for an invitation. */
const socket = io({
  auth: async (give) => give({ token: await invitation(location.origin, room) }),
});
const device = new Device();
const tiles = new Map();
/** With `?raw` the microphone is sent as it is: nobody is there whose echo must be taken out. */
const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const DEVICES = { audio: parameters.has("raw") ? RAW : true, video: true };
let camera = null;
let recvTransport;

const ask = (event, data) =>
  new Promise((resolve, reject) => {
    socket.emit(event, data ?? {}, (answer) => {
      if (answer?.error) reject(new Error(`${event}: ${answer.error.message}`));
      else resolve(answer);
    });
  });

/** With `?button` everything that needs no room is done first, and a button joins. */
async function untilAsked() {
  if (!parameters.has("button")) return;
  camera = navigator.mediaDevices.getUserMedia(DEVICES);
  await camera;
  const button = document.createElement("button");
  button.dataset.testid = "join";
  button.textContent = "Join";
  document.body.append(button);
  window.leave = () => ask("leaveRoom");
  await new Promise((pressed) => button.addEventListener("click", pressed, { once: true }));
}

socket.on("connect", async () => {
  try {
    await untilAsked();
    await start();
    document.title = "joined";
  } catch (error) {
    document.title = `failed: ${error.message}`;
  }
});

async function start() {
  const { participants } = await ask("joinRoom", { room, name: parameters.get("name") });
  for (const { id, name } of participants) addTile(id, name);
  await device.load({ routerRtpCapabilities: await ask("getRouterRtpCapabilities") });
  if (parameters.has("receive")) await receive();
  await send();
}

async function send() {
  const transport = device.createSendTransport(
    await ask("createWebRtcTransport", { producing: true, consuming: false }),
  );
  transport.on("connect", ({ dtlsParameters }, done, failed) => {
    ask("connectTransport", { transportId: transport.id, dtlsParameters }).then(done, failed);
  });
  transport.on("produce", ({ kind, rtpParameters }, done, failed) => {
    ask("produce", { transportId: transport.id, kind, rtpParameters }).then(done, failed);
  });
  const stream = await (camera ?? navigator.mediaDevices.getUserMedia(DEVICES));
  for (const track of stream.getTracks()) await transport.produce({ track });
}

async function receive() {
  recvTransport = device.createRecvTransport(
    await ask("createWebRtcTransport", { producing: false, consuming: true }),
  );
  recvTransport.on("connect", ({ dtlsParameters }, done, failed) => {
    ask("connectTransport", { transportId: recvTransport.id, dtlsParameters }).then(done, failed);
  });
  socket.on("newProducer", consume);
  for (const producer of await ask("getProducers")) await consume(producer);
}

async function consume({ producerId, participantId }) {
  const { id, kind, rtpParameters } = await ask("consume", {
    transportId: recvTransport.id,
    producerId,
    rtpCapabilities: device.rtpCapabilities,
  });
  const consumer = await recvTransport.consume({ id, producerId, kind, rtpParameters });
  await ask("resumeConsumer", { consumerId: consumer.id });
  const element = document.createElement(kind);
  element.autoplay = true;
  element.muted = kind === "video";
  element.srcObject = new MediaStream([consumer.track]);
  if (kind === "audio") element.dataset.testid = "sound";
  element.dataset.participantId = participantId;
  (tiles.get(participantId) ?? document.body).append(element);
}

socket.on("participantJoined", ({ participant }) => addTile(participant.id, participant.name));
socket.on("participantLeft", ({ participantId }) => {
  tiles.get(participantId)?.remove();
  tiles.delete(participantId);
});

function addTile(id, name) {
  const tile = document.createElement("article");
  tile.dataset.testid = "tile";
  tile.dataset.participantId = id;
  tile.setAttribute("aria-label", name);
  tiles.set(id, tile);
  document.body.append(tile);
}
