export const often = (work: () => void) => setInterval(work, 1);
