// Serves Centrifuge, the engine of Centrifugo, to the harness: what to do comes line by line on its standard input, one line
// of JSON an answer on its standard output. It ends when its input does.
//
//	log arena_1 {"n":1}    publishes into a channel and its history
//	pass arena_1 {"l":1}   publishes into a channel alone
//	ask stats              is answered; so are "ask collect" and "ask drop"
//
// The payload is not parsed: what the harness costs is to be no part of what is measured.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/centrifugal/centrifuge"
)

var (
	port        = flag.Int("port", 0, "any where it is 0")
	historySize = flag.Int("history-size", 1000, "publications that a channel keeps")
	historyTTL  = flag.Duration("history-ttl", 2*time.Minute, "how long they are kept")
	ping        = flag.Duration("ping", 25*time.Second, "between two pings")
	pong        = flag.Duration("pong", 8*time.Second, "for an answer to a ping")
)

type answer struct {
	Port        int `json:"port"`
	Connections int `json:"connections"`
	// Heap is what is reachable, if the answer is one to "collect".
	Heap uint64 `json:"heap"`
	RSS  uint64 `json:"rss"`
	// CPU is the processor time so far, ms.
	CPU float64 `json:"cpuMs"`
	// Closed has, by user, when the server last closed a connection, Unix ms, and why.
	Closed map[string]closing `json:"closed"`
}

type closing struct {
	At     float64 `json:"at"`
	Code   uint32  `json:"code"`
	Reason string  `json:"reason"`
}

type server struct {
	node *centrifuge.Node

	mu     sync.Mutex
	conns  map[net.Conn]struct{}
	closed map[string]closing
}

func main() {
	flag.Parse()
	node, err := centrifuge.New(centrifuge.Config{
		LogLevel: centrifuge.LogLevelError,
		LogHandler: func(entry centrifuge.LogEntry) {
			fmt.Fprintln(os.Stderr, "centrifuge:", entry.Message, entry.Fields)
		},
		// Centrifugo sets 300, which is less than a room's log holds here.
		RecoveryMaxPublicationLimit: max(300, *historySize),
	})
	check(err)
	s := &server{node: node, conns: map[net.Conn]struct{}{}, closed: map[string]closing{}}
	s.handle()
	check(node.Run())

	listener, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(*port))
	check(err)
	mux := http.NewServeMux()
	mux.Handle("/connection/websocket", centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{
		CheckOrigin:    func(*http.Request) bool { return true },
		PingPongConfig: centrifuge.PingPongConfig{PingInterval: *ping, PongTimeout: *pong},
	}))
	web := &http.Server{Handler: mux, ConnState: s.track}
	go func() { check(web.Serve(listener)) }()

	out := json.NewEncoder(os.Stdout)
	check(out.Encode(s.answer(listener.Addr().(*net.TCPAddr).Port)))
	s.obey(out)
}

func (s *server) handle() {
	s.node.OnConnecting(func(_ context.Context, event centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		var data struct {
			User string `json:"user"`
		}
		if err := json.Unmarshal(event.Data, &data); err != nil || data.User == "" {
			return centrifuge.ConnectReply{}, centrifuge.DisconnectInvalidToken
		}
		return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{UserID: data.User}}, nil
	})
	s.node.OnConnect(func(client *centrifuge.Client) {
		client.OnSubscribe(func(_ centrifuge.SubscribeEvent, answer centrifuge.SubscribeCallback) {
			answer(centrifuge.SubscribeReply{
				Options: centrifuge.SubscribeOptions{EnablePositioning: true, EnableRecovery: true},
			}, nil)
		})
		client.OnDisconnect(func(event centrifuge.DisconnectEvent) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.closed[client.UserID()] = closing{
				At: float64(time.Now().UnixMicro()) / 1000, Code: event.Code, Reason: event.Reason,
			}
		})
	})
}

func (s *server) obey(out *json.Encoder) {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 64*1024), 1024*1024)
	for lines.Scan() {
		verb, rest, _ := bytes.Cut(lines.Bytes(), []byte(" "))
		if string(verb) != "ask" {
			channel, data, _ := bytes.Cut(rest, []byte(" "))
			s.publish(string(channel), bytes.Clone(data), string(verb) == "log")
			continue
		}
		switch string(rest) {
		case "drop":
			s.drop()
		case "collect":
			runtime.GC()
		}
		check(out.Encode(s.answer(0)))
	}
}

func (s *server) publish(channel string, data []byte, log bool) {
	var options []centrifuge.PublishOption
	if log {
		options = append(options, centrifuge.WithHistory(*historySize, *historyTTL))
	}
	_, err := s.node.Publish(channel, data, options...)
	check(err)
}

// The engine takes connections over from net/http, which then says no more of them: those that are gone stay in here.
func (s *server) track(conn net.Conn, state http.ConnState) {
	if state != http.StateNew {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[conn] = struct{}{}
}

// Ends every connection without a word.
func (s *server) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for conn := range s.conns {
		_ = conn.Close()
	}
	clear(s.conns)
}

func (s *server) answer(port int) answer {
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	s.mu.Lock()
	defer s.mu.Unlock()
	closed := make(map[string]closing, len(s.closed))
	for user, each := range s.closed {
		closed[user] = each
	}
	return answer{
		Port: port, Connections: s.node.Hub().NumClients(), Heap: memory.HeapAlloc, RSS: rss(), CPU: cpu(), Closed: closed,
	}
}

func rss() uint64 {
	statm, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.ParseUint(strings.Fields(string(statm))[1], 10, 64)
	return pages * uint64(os.Getpagesize())
}

func cpu() float64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "centrifuge:", err)
		os.Exit(1)
	}
}
