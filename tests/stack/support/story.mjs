import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { People } from "./people.mjs";
import { Stack } from "./stack.mjs";

/** Tests that are told in order, by people in Chromium in a stack of their own. */
export class Story {
  stack;
  people;

  /** @param {(story: Story) => Promise<void>} [begin] what is done before the first step */
  constructor(name, begin) {
    before(async () => {
      this.stack = await Stack.up(name);
      this.people = new People(this.stack);
      await begin?.(this);
    });
    after(async () => {
      await this.people?.leave();
      await this.stack?.down();
    });
  }

  /** @param {(story: Story) => Promise<void>} body what the pages show goes to a report if it fails */
  step(title, body) {
    test(title, async () => {
      try {
        await body(this);
      } catch (error) {
        await this.people.report(title);
        throw error;
      }
    });
  }

  /** The last step: no page has met what nobody asked for. */
  endsWithoutComplaint() {
    this.step("no page has complained", () => assert.deepEqual(this.people.complaints, []));
  }
}
