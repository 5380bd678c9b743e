import cluster from "node:cluster";

// One program: the primary keeps the port and the workers, the workers serve.
await import(cluster.isPrimary ? "./primary.js" : "./node.js");
