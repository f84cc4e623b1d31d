interface Job { exec: string; open: boolean; }
export const job: Job = { exec: "none", open: true };
