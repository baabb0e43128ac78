export { priceOf } from './priceOf';
export { readPrices } from './readPrices';
export * from './types';
