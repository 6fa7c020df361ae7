"""Where They Stand: who said what about a Putin–Zelensky meeting and security guarantees, and how it shifts."""
