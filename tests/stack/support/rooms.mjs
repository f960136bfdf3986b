import { Guest } from "../../services/support/guest.mjs";

const MOST_ROOMS = 200;

/** Where a room is: the names of its signaling and its media. */
export async function homeOf(stack, room) {
  const guest = await Guest.join(stack.origin, room);
  try {
    const media = stack.both("media").find((name) => stack.ports[name].media === guest.mediaPort);
    return { signaling: guest.signaling, media };
  } finally {
    // Else it would be waited for, and the others would see it meanwhile.
    await guest.request("leaveRoom", {}).catch(() => {});
    guest.leave();
  }
}

/** A room that is at home there, and somebody who keeps it there until they leave. Its name begins so. */
export async function heldRoomAt(stack, { signaling, media }, name) {
  for (let i = 0; i < MOST_ROOMS; ++i) {
    const guest = await Guest.join(stack.origin, `${name}-${i}`);
    const isThere = guest.signaling === signaling && guest.mediaPort === stack.ports[media].media;
    if (isThere) return { room: guest.room, keeper: guest };
    await guest.request("leaveRoom", {}).catch(() => {});
    guest.leave();
  }
  throw new Error(`none of ${MOST_ROOMS} rooms is at ${signaling} and ${media}`);
}

/** A room that is at home there while all media have as much to do; where follows from its name. */
export async function roomAt(stack, { signaling, media }) {
  for (let i = 0; i < MOST_ROOMS; ++i) {
    const room = `${signaling}-${media}-${i}`;
    const home = await homeOf(stack, room);
    if (home.signaling === signaling && home.media === media) return room;
  }
  throw new Error(`none of ${MOST_ROOMS} rooms is at ${signaling} and ${media}`);
}
