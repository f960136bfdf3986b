const ATTEMPTS = 5;

/**
 * A guest's invitation into a room, as a page asks for it: the token of a handshake, and of one join.
 * For Node and for pages.
 * @param {string} origin where the gateway answers
 * @returns {Promise<string>}
 */
export async function invitation(origin, room) {
  const path = `/api/v1/rooms/${encodeURIComponent(room)}/guest-tokens`;
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(origin + path, { method: "POST" });
    const answer = await response.json();
    if (response.ok) return answer.token;
    const { code, message, retry_after_ms: waitMs } = answer.error;
    // Tests come in faster than people.
    if (code !== "rate_limited" || attempt === ATTEMPTS) {
      throw new Error(`no invitation into ${room}: ${code}: ${message}`);
    }
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
