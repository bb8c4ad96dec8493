declare module 'virtual:rxwire/tables' {
  export const tables: Readonly<Record<string, import('./site.ts').OptionTable>>
}

declare module 'virtual:rxwire/site' {
  export const site: import('./site.ts').Site
}

declare module 'virtual:rxwire/records' {
  export const records: readonly import('./find-sections.ts').SearchRecord[]
}
