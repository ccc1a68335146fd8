package e2e

import "testing"

func TestAWSClientsOfAnotherLanguage(t *testing.T) {
	t.Parallel()
	const id = "JS-CLIENTS"
	createThing(t, id)
	cp := connect(t, id, "ocpp1.6")
	client := runNode(t, "awsclients.js", stageHTTP(), stack.Addresses().AWS, id, connectionID(t, id))
	for _, want := range []string{
		"get: true 64.252.64.1", // an address of the edge, which the charge point came through
		"post: 200",
		"post too large: PayloadTooLargeException 413",
		"post gone: GoneException 410",
		"delete: 204",
		"get gone: GoneException 410",
		"publish: 200",
		"shadow none: ResourceNotFoundException 404",
		"shadow update: value",
		"shadow conflict: ConflictException 409",
		"shadow get: value version 1",
	} {
		if !client.lines.Scan() {
			t.Fatalf("the client ended before %q: %s", want, client.errors)
		}
		if got := client.lines.Text(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	client.waitForEnd(t)
	if frame := cp.receive(); frame != `[3,"js",{}]` {
		t.Errorf("received %s", frame)
	}
	cp.closed() // fails when it stays open
}
