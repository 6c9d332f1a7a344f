import * as dimseModule from 'dcmjs-dimse';

// The package is CommonJS: a bundler gives its exports by name, Node gives them as `default`.
type Dimse = typeof dimseModule;
export const dimse = (dimseModule as Dimse & { readonly default?: Dimse }).default ?? dimseModule;

// Its messages hold what is asked for: patients' names among it.
dimse.log.disableAll();

export type Association = InstanceType<Dimse['association']['Association']>;
export type PresentationContext = InstanceType<Dimse['association']['PresentationContext']>;
export type DimseRequest = InstanceType<Dimse['requests']['Request']>;
export type StoreRequest = InstanceType<Dimse['requests']['CStoreRequest']>;
export type StoreResponse = InstanceType<Dimse['responses']['CStoreResponse']>;
export type DimseResponse = InstanceType<Dimse['responses']['Response']>;
