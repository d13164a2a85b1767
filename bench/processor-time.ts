/**
 * Milliseconds for which this process has had a processor so far, its threads together: what work costs, however much other work
 * there is on the machine.
 */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
