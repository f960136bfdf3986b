import { GeistMono } from "geist/font/mono";
import Head from "next/head";
import { RoomStory } from "@/components/logs/room/room_story";

/** `/rooms/<room>` of `confab logs`: what happened in a call, and why. */
export default function RoomStoryPage() {
  return (
    <>
      <Head>
        <title>A call explained · confab</title>
      </Head>
      <div className={GeistMono.variable}>
        <RoomStory />
      </div>
    </>
  );
}
