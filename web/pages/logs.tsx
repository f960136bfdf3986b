import { GeistMono } from "geist/font/mono";
import Head from "next/head";
import { Logs } from "@/components/logs/logs";

/** Served by `confab logs` as its only page. */
export default function LogsPage() {
  return (
    <>
      <Head>
        <title>Logs · confab</title>
      </Head>
      <div className={GeistMono.variable}>
        <Logs />
      </div>
    </>
  );
}
