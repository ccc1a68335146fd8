package main

import (
	"fmt"
	"strings"
)

// kind is what becomes of a block of commands. It stands behind sh in the first line of the block, where Markdown shows it to nobody.
type kind string

const (
	setup    kind = "setup"    // is run before every other block, in the same shell: where the commands are pointed at the stand-in
	succeeds kind = "succeeds" // is run, and must succeed; a block of plain sh
	fails    kind = "fails"    // is run, and must not: it shows a symptom
	deployed kind = "deployed" // is for a deployed stack alone, see dryAWS
)

// block is a block of commands of a document.
type block struct {
	kind     kind
	line     int    // of its first command
	heading  string // the last one above it
	commands string
	// want are pieces of what it prints, in their order: the lines of the block of text right behind it. … stands for anything.
	want []string
}

// parse finds the blocks of commands in a document. The error begins with the line where the document is not as it should be.
func parse(document string) ([]block, error) {
	var blocks []block
	var heading, fence string
	var body []string
	began, behind := 0, false // behind tells that only empty lines stand between here and the last block of commands
	for i, line := range strings.Split(document, "\n") {
		line = strings.TrimLeft(line, " ") // blocks within lists are indented
		opening, isFence := strings.CutPrefix(line, "```")
		switch {
		case fence == "" && isFence:
			fence, began, body = opening, i+2, nil
			if fence == "" {
				return nil, fmt.Errorf("%d: a block without a language", i+1)
			}
		case fence == "" && strings.HasPrefix(line, "#"):
			heading, behind = strings.TrimLeft(line, "# "), false
		case fence == "":
			behind = behind && strings.TrimSpace(line) == ""
		case isFence:
			text := strings.Join(body, "\n")
			language, note, _ := strings.Cut(fence, " ")
			if language == "text" && behind {
				blocks[len(blocks)-1].want = pieces(body)
			}
			if behind = language == "sh"; behind {
				k, err := kindOf(note)
				if err != nil {
					return nil, fmt.Errorf("%d: %w", began-1, err)
				}
				blocks = append(blocks, block{kind: k, line: began, heading: heading, commands: text})
			}
			fence = ""
		default:
			body = append(body, line)
		}
	}
	if fence != "" {
		return nil, fmt.Errorf("%d: a block that does not end", began-1)
	}
	return blocks, nil
}

// kindOf reads the words behind sh. A block that cannot run here says why.
func kindOf(note string) (kind, error) {
	word, reason, _ := strings.Cut(note, ": ")
	switch k := kind(word); k {
	case "":
		return succeeds, nil
	case setup, fails:
		return k, nil
	case deployed:
		if reason == "" {
			return "", fmt.Errorf("a block for a deployed stack does not say why: write `sh deployed: the stand-in has no CloudWatch`")
		}
		return deployed, nil
	default:
		return "", fmt.Errorf("sh %q: it is setup, fails, or deployed with a reason", note)
	}
}

// pieces are the parts of the lines that must be printed.
func pieces(lines []string) []string {
	var all []string
	for _, line := range lines {
		for piece := range strings.SplitSeq(line, "…") {
			if piece = strings.TrimSpace(piece); piece != "" {
				all = append(all, piece)
			}
		}
	}
	return all
}

// missing is the first piece that an output does not have behind the ones before it, "" if it has all.
func missing(output string, want []string) string {
	for _, piece := range want {
		_, after, found := strings.Cut(output, piece)
		if !found {
			return piece
		}
		output = after
	}
	return ""
}
