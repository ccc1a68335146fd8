// Command generate writes the JSON Schemas of package schemas from tables of OCPP's messages:
//
//	go run ./generate -tables DIR [-out .]
//
// DIR holds ocpp16.json, ocpp201.json and ocpp21.json; facts.go describes their form. For each version it
// writes NAME.json with the shared types, and NAME/Action.json with the request and response of every action. The same
// tables give the same bytes.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

// versions are the names of the tables, and of what is made from them.
var versions = []string{"ocpp16", "ocpp201", "ocpp21"}

func main() {
	tables := flag.String("tables", "", "folder of the tables ocpp16.json, ocpp201.json and ocpp21.json")
	out := flag.String("out", ".", "folder that the schemas are written to")
	flag.Parse()
	if err := run(*tables, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(tables, out string) error {
	if tables == "" {
		return fmt.Errorf("-tables is missing: name the folder that holds %s.json", versions[0])
	}
	for _, version := range versions {
		facts, err := readFacts(filepath.Join(tables, version+".json"))
		if err != nil {
			return err
		}
		if err := writeVersion(out, version, facts); err != nil {
			return fmt.Errorf("%s: %w", version, err)
		}
	}
	return nil
}

// writeVersion replaces everything of one version, so that a removed action leaves no file behind.
func writeVersion(out, version string, facts facts) error {
	folder := filepath.Join(out, version)
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	file, err := typesFile(version, facts)
	if err != nil {
		return err
	}
	if err := os.WriteFile(folder+".json", file, 0o644); err != nil {
		return err
	}
	for name, action := range facts.Actions {
		file, err := actionFile(version, action)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name+".json"), file, 0o644); err != nil {
			return err
		}
	}
	return nil
}
