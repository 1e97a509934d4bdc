// A simulation that never removes its dead objects from the world: 8 MiB/s of them.
#include "leak.h"

#include <memory>
#include <string>
#include <vector>

struct Particle {
  double position[3], velocity[3];
  std::string history;
};

int main() {
  std::vector<std::unique_ptr<Particle>> world;
  double bytes = 0;
  begin();
  for (;;) {
    while (bytes < 8.0 * MIB * now()) {
      const size_t length = 512 + below(2 * KIB);
      try {
        world.push_back(std::make_unique<Particle>(Particle{{}, {}, std::string(length, '.')}));
      } catch (const std::bad_alloc &) {
        end_at_bound("new");
      }
      bytes += static_cast<double>(sizeof(Particle) + length + 3 * sizeof(size_t));
    }
    serve();
    rest();
  }
}
