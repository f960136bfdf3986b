// The chat in every state. `call` makes a scene in a call, as in scenes.mjs.
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LONG_WORD =
  "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";

const TALK = [
  { by: 1, text: "Morning! I will be five minutes late.", agoMs: DAY + 40 * MINUTE },
  { text: "No problem, we start with the numbers.", agoMs: DAY + 39 * MINUTE },
  { by: 0, text: "Here is the plan for today:", agoMs: 21 * MINUTE },
  { by: 0, text: "1. The release\n2. Who is on call\n3. Lunch 🍜", agoMs: 21 * MINUTE },
  {
    by: 0,
    text: "https://wiki.example.org/plans/2026/spring?view=board#today",
    agoMs: 21 * MINUTE,
  },
  { text: "Thanks. I added a fourth one.", agoMs: 18 * MINUTE },
  { by: 2, text: "صباح الخير، هل يمكن أن نبدأ؟", agoMs: 12 * MINUTE },
  { by: 3, text: `<b>${LONG_WORD}</b> https://xn--80ak6aa92e.com`, agoMs: 4 * MINUTE },
  { text: "Yes, go ahead.", agoMs: 3 * MINUTE },
  { by: 0, to: "self", text: "Can you take the second point? I have no sound.", agoMs: 2 * MINUTE },
  { to: 0, text: "Sure. Your microphone is muted, by the way.", agoMs: 1 * MINUTE },
];
const MUCH = Array.from({ length: 50 }, (_, index) => ({
  by: index % 3,
  text: `Point ${index + 1} of a long list, which somebody has to read.`,
  agoMs: (60 - index) * MINUTE,
}));

const openChat = async ({ page }) => {
  await page.getByTestId("chat").click();
  await page.getByTestId("chat-panel").waitFor();
};

const write = async (page, text) => {
  await page.getByTestId("chat-input").fill(text);
  await page.getByTestId("chat-input").press("Enter");
};

const openPrivate = async (tools) => {
  await openChat(tools);
  await tools.page.getByRole("button", { name: /Private with/ }).click();
};

const typing = (signaling, index) =>
  signaling.emit("typing", { participantId: signaling.participantId(index) }, { numbered: false });

export const chatScenes = (call, people) => {
  const scene = (name, after, { script = {}, ...rest } = {}) => ({
    ...call(name, 4, { after }),
    script: { people: people(4), ...script },
    ...rest,
  });
  const withTalk = { script: { messages: TALK } };
  // Each of three has a picture.
  const bright = {
    script: { people: people(3), messages: TALK.filter(({ by }) => by !== 3) },
    page: { bright: true },
  };
  return [
    scene("chat-empty", openChat),
    scene(
      "chat-messages",
      async (tools) => {
        await openChat(tools);
        typing(tools.signaling, 1);
      },
      withTalk,
    ),
    scene("chat-private", openPrivate, withTalk),
    scene("chat-person-menu", async ({ page, phone }) => {
      if (phone) await page.getByTestId("people").click();
      await page.getByTestId("person-menu").locator("visible=true").first().click();
    }),
    scene("chat-private-empty", async ({ page }) => {
      await page.getByTestId("people").click();
      await page.getByTestId("people-panel").getByTestId("person-menu").first().click();
      await page.getByText("Message privately").click();
    }),
    scene("chat-unread", async ({ signaling }) => {
      signaling.write({ by: 1, text: "Shall we begin?" });
      signaling.write({ by: 0, to: "self", text: "Can you hear me? Something is wrong here." });
    }),
    scene(
      "chat-unread-elsewhere",
      async (tools) => {
        await openChat(tools);
        tools.signaling.write({ by: 0, to: "self", text: "Psst." });
      },
      { script: { messages: TALK.slice(0, 6) } },
    ),
    scene(
      "chat-scrolled-up",
      async (tools) => {
        await openChat(tools);
        await tools.page.getByRole("log").evaluate((list) => {
          list.scrollTop = 200;
        });
        await tools.page.waitForTimeout(200);
        tools.signaling.write({ by: 1, text: "One more." });
        tools.signaling.write({ by: 1, text: "And another." });
      },
      { script: { messages: MUCH } },
    ),
    scene(
      "chat-failed",
      async (tools) => {
        await openChat(tools);
        await write(tools.page, "Does this arrive?");
      },
      {
        script: {
          messages: TALK.slice(0, 6),
          messageError: { code: "internal", message: "", id: "e-9" },
        },
      },
    ),
    scene(
      "chat-offline",
      async (tools) => {
        await openChat(tools);
        tools.signaling.goAway();
        await tools.page.waitForTimeout(300);
        await write(tools.page, "I am still here.");
      },
      { script: { messages: TALK.slice(0, 6) }, settleMs: 2500 },
    ),
    scene("chat-too-long", async (tools) => {
      await openChat(tools);
      await tools.page.getByTestId("chat-input").fill("A very long text. ".repeat(230));
    }),
    scene("chat-reading-only", openChat, {
      script: { messages: TALK.slice(0, 9), grants: { chat: false } },
    }),
    scene(
      "chat-left",
      async (tools) => {
        await openPrivate(tools);
        tools.signaling.emit("participantLeft", {
          participantId: tools.signaling.participantId(0),
          reason: "left",
        });
      },
      withTalk,
    ),
    scene("chat-bright-private", openPrivate, bright),
    scene("chat-bright-messages", openChat, bright),
    scene(
      "chat-bright-unread",
      async ({ signaling }) => signaling.write({ by: 1, text: "Shall we begin?" }),
      bright,
    ),
  ];
};
