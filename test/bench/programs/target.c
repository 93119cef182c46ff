// The cheapest HTTP/1.1 server there is: it counts requests and notes when each came in, on CLOCK_MONOTONIC, so
// that what is measured is the generator. Requests for /ping are answered and not counted. Keep-alive, no bodies.
// It is told what to do in lines on stdin, and answers a line each:
//   count | reset | stall AFTER_MS FOR_MS | stalled | times FILE
// With PORT in its environment it is a service instead: it listens there and is told nothing.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 65536, TIMES = 1 << 20, EVENTS = 256 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";
static const char warm_up[] = "GET /ping";

static int64_t times[TIMES];
static int64_t count, first_ns, stall_after_ns, stall_ns, stalled_from_ns, stalled_to_ns;
/* How many characters of the empty line that ends a head have been seen, by socket. */
static uint8_t ended[SOCKETS];
static uint8_t is_warm_up[SOCKETS];

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void note(void) {
  int64_t at = now_ns();
  if (count == 0) first_ns = at;
  if (count < TIMES) times[count] = at;
  count += 1;
}

static void take(int socket, const char *data, ssize_t length) {
  static const char end[] = "\r\n\r\n";
  ssize_t start = 0;
  for (ssize_t index = 0; index < length; index += 1) {
    if (index == start && ended[socket] == 0 && length - start >= (ssize_t)sizeof warm_up - 1)
      is_warm_up[socket] = memcmp(data + start, warm_up, sizeof warm_up - 1) == 0;
    ended[socket] = data[index] == end[ended[socket]] ? ended[socket] + 1 : data[index] == '\r';
    if (ended[socket] < 4) continue;
    if (!is_warm_up[socket]) note();
    ended[socket] = is_warm_up[socket] = 0;
    start = index + 1;
    if (write(socket, answer, sizeof answer - 1) < 0) return;
  }
}

static void obey(char *line) {
  char file[1024];
  long long after_ms, for_ms;
  if (strncmp(line, "reset", 5) == 0) {
    count = first_ns = stall_ns = stalled_from_ns = stalled_to_ns = 0;
    printf("reset\n");
  } else if (sscanf(line, "stall %lld %lld", &after_ms, &for_ms) == 2) {
    stall_after_ns = after_ms * 1000000, stall_ns = for_ms * 1000000;
    printf("stall\n");
  } else if (strncmp(line, "stalled", 7) == 0) {
    printf("%lld %lld\n", (long long)stalled_from_ns, (long long)stalled_to_ns);
  } else if (sscanf(line, "times %1023s", file) == 1) {
    FILE *out = fopen(file, "w");
    size_t kept = count < TIMES ? (size_t)count : TIMES;
    if (out != NULL) fwrite(times, sizeof times[0], kept, out), fclose(out);
    printf("%zu\n", kept);
  } else {
    printf("%lld\n", (long long)count);
  }
  fflush(stdout);
}

/* Sleeps through the stall when its time has come; returns how long epoll may wait for it, -1 where there is none. */
static int stall(void) {
  if (stall_ns == 0 || count == 0) return -1;
  int64_t left = first_ns + stall_after_ns - now_ns();
  if (left > 0) return (int)((left + 999999) / 1000000);
  struct timespec until = {(first_ns + stall_after_ns + stall_ns) / 1000000000, (first_ns + stall_after_ns + stall_ns) % 1000000000};
  stalled_from_ns = now_ns();
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
  stalled_to_ns = now_ns();
  stall_ns = 0;
  return -1;
}

static void watch(int poll, int file) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
  epoll_ctl(poll, EPOLL_CTL_ADD, file, &event);
}

int main(void) {
  signal(SIGPIPE, SIG_IGN);
  int one = 1, poll = epoll_create1(0), server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  const char *port = getenv("PORT");
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  address.sin_port = htons(port == NULL ? 0 : atoi(port));
  setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  socklen_t size = sizeof address;
  if (bind(server, (struct sockaddr *)&address, size) < 0 || listen(server, 4096) < 0) return 1;
  getsockname(server, (struct sockaddr *)&address, &size);
  watch(poll, server);
  if (port == NULL) watch(poll, STDIN_FILENO);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  static char data[65536], line[2048];
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(poll, events, EVENTS, stall());
    stall();
    for (int index = 0; index < ready; index += 1) {
      int file = events[index].data.fd;
      if (file == STDIN_FILENO) {
        ssize_t length = read(file, line, sizeof line - 1);
        if (length <= 0) return 0;
        line[length] = 0;
        obey(line);
      } else if (file == server) {
        for (int peer; (peer = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
          if (peer >= SOCKETS) { close(peer); continue; }
          setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          ended[peer] = is_warm_up[peer] = 0;
          watch(poll, peer);
        }
      } else {
        ssize_t length = read(file, data, sizeof data);
        if (length > 0) take(file, data, length);
        else close(file);
      }
    }
  }
}
