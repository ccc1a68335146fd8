package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// source is what the comments of this repository say of types, and which values their constants have: the OpenAPI
// document repeats it, so that it is written once.
type source struct {
	*testing.T
	read     map[string]bool     // directories
	comments map[string]string   // by "package.Type" and "package.Type.Field"
	values   map[string][]string // of string constants by "package.Type"
}

const module = "github.com/serverless-ocpp/backend/"

// of reads the package that a type is from.
func (s *source) of(t reflect.Type) *source {
	path := t.PkgPath()
	dir, ours := strings.CutPrefix(path, module)
	if path == "main" || strings.HasSuffix(path, "functions/api") {
		dir, ours = "functions/api", true
	}
	if !ours || s.read[dir] {
		return s
	}
	s.read[dir] = true
	files, err := filepath.Glob(filepath.Join("..", "..", dir, "*.go"))
	if err != nil {
		s.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			s.Fatal(err)
		}
		for _, declaration := range parsed.Decls {
			if general, ok := declaration.(*ast.GenDecl); ok {
				s.collect(parsed.Name.Name, general)
			}
		}
	}
	return s
}

func (s *source) collect(pkg string, declaration *ast.GenDecl) {
	for _, spec := range declaration.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			name := pkg + "." + spec.Name.Name
			doc := spec.Doc
			if doc == nil {
				doc = declaration.Doc
			}
			s.comments[name] = words(doc)
			if structure, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range structure.Fields.List {
					for _, fieldName := range field.Names {
						s.comments[name+"."+fieldName.Name] = strings.TrimSpace(words(field.Doc) + " " + words(field.Comment))
					}
				}
			}
		case *ast.ValueSpec:
			of, typed := spec.Type.(*ast.Ident)
			if !typed || declaration.Tok != token.CONST || len(spec.Values) != 1 {
				continue
			}
			if literal, ok := spec.Values[0].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				value, err := strconv.Unquote(literal.Value)
				if err != nil {
					s.Fatal(err)
				}
				s.values[pkg+"."+of.Name] = append(s.values[pkg+"."+of.Name], value)
			}
		}
	}
}

// words is a comment in one line; a drawing behind an empty line is left out.
func words(comment *ast.CommentGroup) string {
	text, _, _ := strings.Cut(comment.Text(), "\n\n")
	return strings.Join(strings.Fields(text), " ")
}

// field is what is said of a field; the Go name that it may begin with is said as callers know it.
func (s *source) field(of reflect.Type, field reflect.StructField) string {
	text := s.of(of).comments[of.String()+"."+field.Name]
	name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
	if rest, begins := strings.CutPrefix(text, field.Name+" "); begins {
		return "`" + name + "` " + rest
	}
	return text
}
