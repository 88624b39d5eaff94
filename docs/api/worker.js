// The search runs in a worker, which browsers refuse to pages opened from the disk: there a frame
// that nobody sees takes its place.
if (location.protocol === "file:")
  window.Worker = class extends EventTarget {
    constructor(script) {
      super();
      const frame = Object.assign(document.createElement("iframe"), { hidden: true });
      document.documentElement.append(frame);
      const inside = frame.contentWindow;
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.send = (data) => inside.dispatchEvent(new MessageEvent("message", { data }));
      this.ready = new Promise((done) => {
        const code = inside.document.createElement("script");
        inside.document.documentElement.append(Object.assign(code, { src: script, onload: done }));
      });
    }
    postMessage(data) { this.ready.then(() => this.send(data)); }
    terminate() {}
  };
