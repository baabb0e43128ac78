export * from './DatabaseScheduleStore';
export * from './router';
export * from './ScheduleService';
export * from './ScheduleViews';
export * from './types';
