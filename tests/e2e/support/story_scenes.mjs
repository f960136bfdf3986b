// The page of one call in every state: what its server explains, played in the page's own network.
import { healthy, hostile, missing, ROOM, story, troubled } from "../../logs/support/stories.mjs";

const TOKEN = "screens";

const scene = (name, answer, after) => ({
  name: `story-${name}`,
  path: `/rooms/${ROOM}`,
  act: async ({ page }) => {
    if (!answer) return;
    await page.route("**/api/v1/logs/rooms/**", (route) =>
      answer === "none" ? undefined : route.fulfill({ json: answer }),
    );
    await page.evaluate((token) => sessionStorage.setItem("confab.logs.token", token), TOKEN);
    await page.reload();
    await after?.(page);
  },
});

const openFirst = async (page) => {
  await page.getByTestId("participants").getByRole("button").first().click();
};

export const storyScenes = [
  scene("no-token", null),
  scene("loading", "none"),
  scene("healthy", healthy),
  scene("findings", troubled),
  scene("participant", troubled, openFirst),
  scene("live", story({ live: true, to: null, complete: false })),
  scene("nobody", story({ participants: [] })),
  scene("missing", missing),
  scene("hostile", hostile, openFirst),
];
