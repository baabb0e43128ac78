export * from './CatalogFileSources';
export * from './DurationHistory';
export * from './router';
