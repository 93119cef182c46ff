// What the made-up run is made of; each of its files is written from these.
export const seconds = 600;
export const perSec = 500;
export const sampleMs = 50;
export const sessions = 20;
export const startUs = 3e6;
export const stress = { fromUs: 200e6, toUs: 400e6 };
export const endUs = startUs + seconds * 1e6;

/** Whose the instances are; there are five. */
export const whose = (index) => ({ service: 'api', revision: 'api-1', instance: `instance-${index}` });
