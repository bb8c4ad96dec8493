// A minimal Go server that reads the body of a POST, then streams its response as Server-Sent Events.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

var open int64

// answer sends the words of the body, one event each, after the last event id. With ?words= it ends the response after
// that many. It responds with 204 to a client that has all words.
func answer(w http.ResponseWriter, r *http.Request) {
	atomic.AddInt64(&open, 1)
	defer atomic.AddInt64(&open, -1)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	words := strings.Fields(string(body))
	after, _ := strconv.Atoi(r.Header.Get("Last-Event-ID"))
	if after >= len(words) {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	end := len(words)
	if most, err := strconv.Atoi(r.URL.Query().Get("words")); err == nil && after+most < end {
		end = after + most
	}
	everyMs, _ := strconv.Atoi(r.URL.Query().Get("everyMs"))
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-cache")
	for n := after; n < end; n++ {
		fmt.Fprintf(w, "id: %d\nevent: word\ndata: %s\n\n", n+1, words[n])
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(time.Duration(everyMs) * time.Millisecond):
		}
	}
}

func main() {
	http.HandleFunc("/answer", answer)
	http.HandleFunc("/open", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, atomic.LoadInt64(&open))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
