// The JSON of answers, as the documents show it.
import { kindOf } from "./check.mjs";
import { formatDuration } from "./durations.mjs";

export const VERSION = "1.17.0-fake";
export const REVISION = "fake";

export const nodeShape = (agent) => ({
  ID: agent.nodeId,
  Node: agent.node,
  Address: agent.address,
  Datacenter: agent.dataCenter,
  TaggedAddresses: { lan: agent.address, wan: agent.address },
  Meta: {},
  CreateIndex: 1,
  ModifyIndex: 1,
});

export const serviceShape = (service) => ({
  ID: service.id,
  Service: service.name,
  Tags: service.tags,
  Address: service.address,
  TaggedAddresses: service.taggedAddresses,
  Meta: service.meta,
  Port: service.port,
  Weights: service.weights,
  EnableTagOverride: service.enableTagOverride,
  CreateIndex: service.createIndex,
  ModifyIndex: service.modifyIndex,
});

export const agentServiceShape = (agent, service) => ({
  ...serviceShape(service),
  Datacenter: agent.dataCenter,
});

export function checkShape(agent, check) {
  const service = agent.services.get(check.serviceId);
  const definition = check.definition;
  return {
    Node: agent.node,
    CheckID: check.id,
    Name: check.name,
    Status: check.status,
    Notes: check.notes,
    Output: check.output,
    ServiceID: check.serviceId,
    ServiceName: service?.name ?? "",
    ServiceTags: service?.tags ?? [],
    Type: definition ? kindOf(definition) : "",
    Interval: formatDuration(definition?.intervalMs ?? 0),
    Timeout: formatDuration(definition?.timeoutMs ?? 0),
    ExposedPort: 0,
    Definition: {},
    CreateIndex: check.createIndex ?? 0,
    ModifyIndex: check.modifyIndex ?? 0,
  };
}

/** Every node has it; that of a node that answers passes. */
export const serfShape = (agent) => ({
  Node: agent.node,
  CheckID: "serfHealth",
  Name: "Serf Health Status",
  Status: "passing",
  Notes: "",
  Output: "Agent alive and reachable",
  ServiceID: "",
  ServiceName: "",
  ServiceTags: [],
  Type: "",
  Definition: {},
  CreateIndex: 1,
  ModifyIndex: 1,
});

export const catalogServiceShape = (agent, service) => ({
  ID: agent.nodeId,
  Node: agent.node,
  Address: agent.address,
  Datacenter: agent.dataCenter,
  TaggedAddresses: { lan: agent.address, wan: agent.address },
  NodeMeta: {},
  ServiceKind: "",
  ServiceID: service.id,
  ServiceName: service.name,
  ServiceTags: service.tags,
  ServiceAddress: service.address,
  ServiceTaggedAddresses: service.taggedAddresses,
  ServiceWeights: service.weights,
  ServiceMeta: service.meta,
  ServicePort: service.port,
  ServiceEnableTagOverride: service.enableTagOverride,
  CreateIndex: service.createIndex,
  ModifyIndex: service.modifyIndex,
});

export const selfShape = (agent) => ({
  Config: {
    Datacenter: agent.dataCenter,
    PrimaryDatacenter: agent.dataCenter,
    NodeName: agent.node,
    NodeID: agent.nodeId,
    Server: true,
    Revision: REVISION,
    Version: VERSION,
  },
  Member: memberShape(agent),
  Meta: { fake: "true" },
});

export const memberShape = (agent) => ({
  Name: agent.node,
  Addr: agent.address,
  Port: 8301,
  Tags: { dc: agent.dataCenter, id: agent.nodeId, role: "consul", build: VERSION },
  Status: 1,
  ProtocolMin: 1,
  ProtocolMax: 3,
  ProtocolCur: 2,
  DelegateMin: 2,
  DelegateMax: 5,
  DelegateCur: 4,
});
