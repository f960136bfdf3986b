// The series of a system that is well, in promtool's notation: "0+3x80" is a counter that grows by 3
// with every sample, "1x80" a gauge that stays. A sample comes every 15 s.

const UP = "1x80";
const steady = (step) => `0+${step}x80`;

/** Buckets of a histogram in which all observations are below `le`. */
const buckets = (name, labels, le) => ({
  [`${name}_bucket{${labels ? `${labels},` : ""}le="${le}"}`]: steady(30),
  [`${name}_bucket{${labels ? `${labels},` : ""}le="+Inf"}`]: steady(30),
});

const instances = [
  ["gateway", "gateway-1"],
  ["gateway", "gateway-2"],
  ["signaling", "signaling-1"],
  ["signaling", "signaling-2"],
  ["media", "media-1"],
  ["media", "media-2"],
];

export const HEALTHY = {
  ...Object.fromEntries(
    instances.map(([role, instance]) => [
      `up{job="confab",role="${role}",instance="${instance}"}`,
      UP,
    ]),
  ),
  'confab_media_up{instance="signaling-1"}': UP,
  'confab_store_up{instance="signaling-1"}': UP,
  'confab_bus_up{instance="signaling-1"}': UP,
  'confab_discovery_up{instance="signaling-1"}': UP,
  'confab_relay_up{instance="relay-1"}': UP,
  'confab_turn_servers{instance="gateway-1"}': "2x80",
  'confab_turn_servers_answering{instance="gateway-1"}': "2x80",
  'confab_joins_total{outcome="ok"}': steady(30),
  'confab_joins_total{outcome="room_full"}': steady(30),
  'confab_joins_total{outcome="internal"}': steady(0),
  ...buckets("confab_join_seconds", 'stage="all"', "0.1"),
  'confab_media_connected_transports_total{instance="media-1"}': steady(60),
  'confab_media_ended_transports_total{instance="media-1",reason="never-reached"}': steady(0),
  'confab_media_expected_packets_total{way="up"}': steady(10_000),
  'confab_media_lost_packets_total{way="up"}': steady(20),
  'confab_media_expected_packets_total{way="down"}': steady(10_000),
  'confab_media_lost_packets_total{way="down"}': steady(20),
  ...buckets("confab_media_forwarding_seconds", 'instance="media-1"', "0.001"),
  ...buckets("confab_media_loop_lag_seconds", 'instance="media-1"', "0.001"),
  ...buckets("confab_loop_lag_seconds", 'instance="signaling-1",role="signaling"', "0.001"),
  'confab_media_transports{instance="media-1"}': "100x80",
  'confab_media_max_transports{instance="media-1"}': "10000x80",
  'confab_media_worker_cpu_seconds_total{instance="media-1",worker="0"}': steady(3),
  'confab_media_udp_overflows_total{instance="media-1",queue="media"}': steady(0),
  'confab_grpc_client_calls_total{code="OK"}': steady(100),
  'confab_grpc_client_calls_total{code="UNAVAILABLE"}': steady(1),
  ...buckets("confab_store_call_seconds", "", "0.01"),
  ...buckets("confab_bus_call_seconds", "", "0.01"),
  'confab_store_records_dropped_total{instance="signaling-1"}': steady(0),
  'confab_store_records_refused_total{instance="signaling-1"}': steady(0),
};
