// As much of `vscode` as the extension touches before a server runs, and a record of what it did with it.

class Emitter {
  listeners = [];
  event = (listener) => {
    this.listeners.push(listener);
    return { dispose() {} };
  };
  fire(value) {
    this.listeners.forEach((listener) => listener(value));
  }
  dispose() {}
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
}

const record = {
  commands: new Map(),
  executed: [],
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

const known = {
  record,
  Uri,
  EventEmitter: Emitter,
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
    async executeCommand(...command) {
      record.executed.push(command);
    },
  },
  window: {
    createOutputChannel: () => channel,
    createStatusBarItem: () => Object.assign(record.status, { show() {}, dispose() {} }),
    async showErrorMessage(text) {
      record.errors.push(text);
    },
    async showInputBox(options) {
      record.inputOptions = options;
      return record.input;
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
    registerTextDocumentContentProvider: () => ({ dispose() {} }),
    textDocuments: [],
  },
};

// The client library extends many classes of the editor as soon as it is loaded.
module.exports = new Proxy(known, {
  get: (target, name) => (name in target ? target[name] : (target[name] = class {})),
});
