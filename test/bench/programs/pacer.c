// What pacing costs and how even it gets when nothing stands in the way: sleeps to each intended time and writes a
// request that is ready made. Arguments: port, requests per second, seconds.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS = 8 };

int main(int count, char **given) {
  static const char request[] = "GET /ok HTTP/1.1\r\nHost: target\r\n\r\n";
  if (count < 4) return 1;
  prctl(PR_SET_TIMERSLACK, 1);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(given[1]))};
  double gap_ns = 1e9 / atof(given[2]);
  long total = (long)(atof(given[2]) * atof(given[3]));
  int sockets[SOCKETS], one = 1;
  for (int index = 0; index < SOCKETS; index += 1) {
    sockets[index] = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(sockets[index], (struct sockaddr *)&address, sizeof address) < 0) return 1;
    setsockopt(sockets[index], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(sockets[index], F_SETFL, O_NONBLOCK);
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  long long start_ns = now.tv_sec * 1000000000LL + now.tv_nsec + 50000000;
  char data[4096];
  for (long index = 0; index < total; index += 1) {
    long long due_ns = start_ns + (long long)(index * gap_ns);
    struct timespec due = {due_ns / 1000000000, due_ns % 1000000000};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    int socket = sockets[index % SOCKETS];
    while (read(socket, data, sizeof data) > 0) continue;
    if (write(socket, request, sizeof request - 1) < 0) return 1;
  }
  usleep(50000);
  return 0;
}
