// A stub of `vscode`: as much as the extension and the client library use, with a record of their calls.

class Emitter {
  listeners = [];
  event = (listener) => {
    this.listeners.push(listener);
    return { dispose: () => (this.listeners = this.listeners.filter((other) => other !== listener)) };
  };
  fire(value) {
    this.listeners.forEach((listener) => listener(value));
  }
  dispose() {}
}

class Disposable {
  constructor(dispose) {
    this.dispose = dispose;
  }
  static from(...parts) {
    return new Disposable(() => parts.forEach((part) => part.dispose()));
  }
}

class Uri {
  constructor(parts) {
    Object.assign(this, parts);
  }
  static file(fsPath) {
    return new Uri({ scheme: 'file', fsPath, path: fsPath });
  }
  static from(parts) {
    return new Uri(parts);
  }
  static parse(text) {
    const end = text.indexOf(':');
    return new Uri({ scheme: text.slice(0, end), path: text.slice(end + 1) });
  }
  toString() {
    return `${this.scheme}:${this.path}`;
  }
}

const record = {
  commands: new Map(),
  executed: [],
  contents: new Map(),
  errors: [],
  status: {},
  settings: {},
  trusted: false,
  log: [],
  input: undefined,
  configuration: new Emitter(),
  trust: new Emitter(),
};

const channel = {
  logLevel: 3,
  onDidChangeLogLevel: () => ({ dispose() {} }),
  ...Object.fromEntries(['trace', 'debug', 'info', 'warn', 'error'].map((level) => [level, (text) => record.log.push(`${level}: ${text}`)])),
  append() {},
  appendLine(text) {
    record.log.push(text);
  },
  show() {},
  dispose() {},
};

const stub = {
  record,
  Disposable,
  Uri,
  EventEmitter: Emitter,
  ThemeColor: class {},
  StatusBarAlignment: { Left: 1, Right: 2 },
  ViewColumn: { Active: -1 },
  LogLevel: { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 },
  version: '1.91.0',
  env: { appName: 'stub', language: 'en' },
  commands: {
    registerCommand(id, work) {
      record.commands.set(id, work);
      return { dispose: () => record.commands.delete(id) };
    },
    async executeCommand(id, ...args) {
      record.executed.push([id, ...args]);
      return record.commands.get(id)?.(...args);
    },
  },
  window: {
    createOutputChannel: () => channel,
    createStatusBarItem: () => Object.assign(record.status, { show() {}, dispose() {} }),
    async showErrorMessage(text) {
      record.errors.push(text);
    },
    async showInputBox(options) {
      record.asked = options;
      return record.input;
    },
    async showQuickPick(items) {
      record.offered = items;
      return items[0];
    },
  },
  workspace: {
    get isTrusted() {
      return record.trusted;
    },
    workspaceFolders: undefined,
    getConfiguration: () => ({ get: (name) => record.settings[name] }),
    onDidChangeConfiguration: record.configuration.event,
    onDidGrantWorkspaceTrust: record.trust.event,
    registerTextDocumentContentProvider(scheme, provider) {
      record.contents.set(scheme, provider);
      return { dispose: () => record.contents.delete(scheme) };
    },
    textDocuments: [],
    async openTextDocument(uri) {
      return stub.workspace.textDocuments.find((it) => it.uri.toString() === uri.toString());
    },
    notebookDocuments: [],
    fs: {},
  },
  languages: {},
};

// All other functions that register or listen to something do nothing.
for (const part of ['commands', 'window', 'workspace', 'languages']) {
  stub[part] = new Proxy(stub[part], {
    get: (target, name) => (name in target ? target[name] : /^(on|register|create)/.test(String(name)) ? () => ({ dispose() {} }) : undefined),
  });
}

// The client library extends many classes of the editor when it is loaded.
module.exports = new Proxy(stub, {
  get: (target, name) => (name in target ? target[name] : (target[name] = class {})),
});
