// Package planted holds bugs: for each one a condition of the product that is left out. An experiment that does not find them proves
// nothing. They are planted by go build -overlay, into binaries of their own; the repository stays as it is.
package planted
