// Every page in every state: a name, what the server plays, what the page's devices do, and the
// steps that lead there.
import { chatScenes } from "./chat_scenes.mjs";
import { logsScenes } from "./logs_scenes.mjs";
import { storyScenes } from "./story_scenes.mjs";

const PEOPLE = [
  { name: "Jonas Weber" },
  { name: "Amara Okafor", microphone: false },
  { name: "Li Na" },
  { name: "Priya Raman", camera: false },
  { name: "Tomás Herrera" },
  { name: "Sofia Rossi", microphone: false, camera: false },
  { name: "Noah Kim" },
  { name: "Elena Petrova" },
];

const LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff Hubert-Blaine the Elder";
const NAMES = [
  { name: "عبد الرحمن بن محمد الشمري", camera: false },
  { name: LONG_NAME },
  { name: "" },
  { name: "👩‍🚀 Captain", camera: false },
  { name: "王小明", microphone: false },
];

const people = (count) =>
  Array.from({ length: count }, (_, index) => ({
    ...PEOPLE[index % PEOPLE.length],
    ...(index >= PEOPLE.length ? { name: `${PEOPLE[index % PEOPLE.length].name} ${index}` } : {}),
  }));

const previewUp = async ({ page }) => {
  await page.getByTestId("join").waitFor();
};

const join = async ({ page }) => {
  await page.getByTestId("join").waitFor();
  await page.waitForFunction(() => window.__confab?.client.getSnapshot().ready);
  await page.getByTestId("join").click();
  await page.getByTestId("call").waitFor();
  await page.waitForTimeout(500);
};

const openPeople = async ({ page }) => {
  await page.getByTestId("people").click();
};

const openPersonMenu = async ({ page }) => {
  await page.getByTestId("tile").first().getByTestId("person-menu").click();
};

const ended = async ({ page }) => {
  await page.getByTestId("ended").waitFor();
};

const speak = (signaling, index) =>
  signaling.emit(
    "activeSpeakers",
    {
      speakers: [{ participantId: signaling.participantId(index), level: -22 }],
      dominant: signaling.participantId(index),
    },
    { numbered: false },
  );

const call = (name, count, extra = {}) => ({
  name,
  script: { people: people(count) },
  act: async (tools) => {
    await join(tools);
    if (count > 0) speak(tools.signaling, 0);
    await extra.after?.(tools);
  },
  ...extra.scene,
});

export const scenes = [
  { name: "landing", path: "/" },
  {
    name: "landing-recent",
    path: "/",
    preferences: {
      recentRooms: ["quiet-harbor", "design-weekly", "family", "standup"],
    },
  },
  {
    name: "landing-wrong",
    path: "/",
    act: async ({ page }) => {
      await page.getByLabel("Room name or link").fill("what is this?!");
      await page.keyboard.press("Enter");
    },
  },
  { name: "landing-unhealthy", path: "/", unhealthy: true },
  { name: "not-found", path: "/nowhere/at/all" },
  { name: "bad-link", path: "/r/what%20is%20this%3F" },
  { name: "preview", script: { people: people(2) }, act: previewUp },
  { name: "preview-first", act: previewUp, preferences: { name: "" } },
  {
    name: "preview-names",
    path: `/r/${"a-very-long-name-for-a-room-".repeat(2)}12345678`,
    script: { people: NAMES },
    act: previewUp,
    preferences: { name: LONG_NAME },
  },
  {
    name: "preview-joining",
    script: { people: people(5), joinDelayMs: 8000 },
    act: async ({ page }) => {
      await page.getByTestId("join").click();
    },
  },
  { name: "preview-asking", page: { pending: true }, act: previewUp },
  {
    name: "preview-off",
    script: { people: people(1) },
    act: async (tools) => {
      await previewUp(tools);
      await tools.page.getByTestId("preview-camera").click();
      await tools.page.getByTestId("preview-microphone").click();
    },
  },
  {
    name: "preview-refused",
    page: { camera: "NotAllowedError", microphone: "NotAllowedError" },
    act: previewUp,
  },
  {
    name: "preview-busy",
    page: { camera: "NotReadableError" },
    act: previewUp,
  },
  {
    name: "preview-no-device",
    page: { camera: "NotFoundError", microphone: "NotFoundError" },
    act: previewUp,
  },
  { name: "preview-no-camera", page: { camera: "NotFoundError" }, act: previewUp },
  { name: "preview-no-microphone", page: { microphone: "NotFoundError" }, act: previewUp },
  {
    name: "preview-away",
    act: async (tools) => {
      await previewUp(tools);
      tools.signaling.goAway();
    },
    settleMs: 1800,
  },
  {
    name: "preview-full",
    script: { people: people(8), full: true },
    act: previewUp,
  },
  {
    name: "error-room-full",
    script: {
      people: people(3),
      joinError: { code: "room_full", message: "The room is full.", id: "e-7f3a91c2" },
    },
    act: async ({ page }) => {
      await page.getByTestId("join").click();
      await page.getByTestId("ended").waitFor();
    },
  },
  call("call-1", 0),
  call("call-1-off", 0, {
    after: async ({ page }) => {
      await page.getByTestId("camera").click();
      await page.getByTestId("microphone").click();
    },
  }),
  call("call-2", 1),
  call("call-2-muted", 1, {
    after: async ({ page }) => {
      await page.getByTestId("camera").click();
      await page.getByTestId("microphone").click();
    },
  }),
  {
    ...call("call-2-camera-off", 1),
    script: { people: [{ name: "Priya Raman", camera: false, microphone: false }] },
  },
  call("call-3", 2),
  call("call-4", 3),
  call("call-5", 4),
  call("call-9", 8),
  call("call-24", 23),
  call("call-people", 4, { after: openPeople }),
  call("call-2-people", 1, { after: openPeople }),
  call("call-menu", 1, {
    after: async ({ page }) => {
      await page.getByTestId("more").click();
    },
  }),
  call("call-settings", 4, {
    after: async ({ page }) => {
      await page.getByTestId("more").click();
      await page.getByText("Devices and settings").click();
    },
  }),
  call("call-shortcuts", 4, {
    after: async ({ page }) => {
      await page.getByTestId("more").click();
      await page.getByText("Keyboard shortcuts").click();
    },
  }),
  call("call-tooltip", 4, {
    after: async ({ page }) => {
      await page.getByTestId("camera").focus();
      await page.keyboard.press("Shift+Tab");
    },
  }),
  {
    ...call("call-reconnecting", 4, {
      after: async ({ signaling }) => signaling.goAway(),
    }),
    settleMs: 4200,
  },
  {
    ...call("call-lost-person", 2),
    script: {
      people: [{ name: "Jonas Weber", connected: false }, { name: "Amara Okafor" }],
    },
  },
  { ...call("call-sound-blocked", 2), page: { blockSound: true } },
  {
    ...call("call-names", 5),
    script: { people: NAMES },
    preferences: { name: "A" },
  },
  {
    ...call("call-names-people", 5, { after: openPeople }),
    script: { people: NAMES },
    preferences: { name: LONG_NAME },
  },
  call("call-1-people", 0, { after: openPeople }),
  call("call-rename", 2, {
    after: async (tools) => {
      await openPeople(tools);
      await tools.page.getByLabel("Change your name").click();
    },
  }),
  { ...call("call-bright", 3), page: { bright: true } },
  { ...call("call-bright-2", 1), page: { bright: true } },
  { ...call("call-bright-people", 3, { after: openPeople }), page: { bright: true } },
  {
    ...call("returning", 1, {
      after: async ({ page, signaling }) => {
        signaling.goAway();
        await page.reload();
      },
    }),
    settleMs: 2500,
  },
  {
    ...call("call-no-device", 1),
    page: { camera: "NotFoundError", microphone: "NotFoundError" },
  },
  call("call-refused-producer", 1, {
    after: async ({ page, signaling }) => {
      await page.waitForTimeout(300);
      signaling.emit("producerRefused", {
        producerId: signaling.lastProducerId,
        error: { code: "limit_exceeded", message: "Too many.", id: "e-1" },
      });
    },
  }),
  {
    ...call("call-moderator", 4, { after: openPersonMenu }),
    script: { people: people(4), grants: { moderate: true } },
  },
  {
    ...call("call-2-moderator", 1, { after: openPersonMenu }),
    script: { people: people(1), grants: { moderate: true } },
  },
  {
    ...call("call-moderator-people", 4, {
      after: async (tools) => {
        await openPeople(tools);
        await tools.page.getByTestId("people-panel").getByTestId("person-menu").nth(1).click();
      },
    }),
    script: { people: people(4), grants: { moderate: true } },
  },
  {
    ...call("call-removal", 3, {
      after: async (tools) => {
        await openPersonMenu(tools);
        await tools.page.getByText("Remove from call").click();
      },
    }),
    script: { people: people(3), grants: { moderate: true } },
  },
  {
    ...call("call-not-included", 2, {
      after: async ({ page }) => {
        // It says that it is disabled, and why when it is pressed.
        await page.getByTestId("camera").click({ force: true });
      },
    }),
    script: { people: people(2), grants: { video: false } },
  },
  call("call-muted", 2, {
    after: async ({ page, signaling }) => {
      await page.waitForTimeout(600);
      signaling.emit("producerUpdated", {
        participantId: "self",
        producerId: signaling.producerIds.microphone,
        paused: true,
      });
    },
  }),
  ...chatScenes(call, people),
  ...logsScenes,
  ...storyScenes,
  {
    name: "error-no-guests",
    script: {
      guestError: { status: 403, error: { code: "forbidden", message: "No guests.", id: "e-2" } },
    },
    act: ended,
  },
  {
    name: "error-invitation-used",
    path: "/r/quiet-harbor?token=used",
    script: {
      people: people(2),
      joinError: { code: "unauthorized", message: "Used.", id: "e-3" },
      guestError: { status: 403, error: { code: "forbidden", message: "No guests.", id: "e-4" } },
    },
    act: async (tools) => {
      await tools.page.getByTestId("join").click();
      await ended(tools);
    },
  },
  {
    name: "preview-limited",
    script: {
      guestError: {
        status: 429,
        error: { code: "rate_limited", message: "Slow down.", retry_after_ms: 25_000 },
      },
    },
    act: previewUp,
  },
  call("left", 2, {
    after: async ({ page }) => {
      await page.getByTestId("leave").click();
    },
  }),
  call("removed", 2, {
    after: async ({ signaling }) => {
      signaling.emit("participantLeft", { participantId: "self", reason: "removed" });
    },
  }),
  call("replaced", 2, {
    after: async ({ signaling }) => {
      signaling.emit("replaced", {}, { numbered: false });
    },
  }),
];
