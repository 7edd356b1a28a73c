/** CPU of this process in µs, all its threads included, until the work is done. */
export async function ownCpu(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
