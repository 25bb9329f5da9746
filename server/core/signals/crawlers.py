"""Crawlers that gather training data, and tokens that control training without a crawler of their own."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "ai.robots.txt, robots.json (MIT): github.com/ai-robots-txt/ai.robots.txt"
CHECKED = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Crawler:
    """A product token of robots.txt, who sends it, and what the gathered pages are for."""

    token: str
    operator: str
    purpose: str


WATCHED = (
    Crawler("GPTBot", "OpenAI", "trains OpenAI's models"),
    Crawler("ClaudeBot", "Anthropic", "trains Anthropic's models"),
    Crawler("anthropic-ai", "Anthropic", "an older name in Anthropic's training crawl"),
    Crawler("Google-Extended", "Google", "control token for Gemini and Vertex AI; has no crawler of its own"),
    Crawler("Applebot-Extended", "Apple", "control token for Apple's foundation models; has no crawler of its own"),
    Crawler("meta-externalagent", "Meta", "trains models and improves products"),
    Crawler("FacebookBot", "Meta", "trains language and speech models"),
    Crawler("CCBot", "Common Crawl", "open crawl that many training sets are made from"),
    Crawler("Bytespider", "ByteDance", "trains language models"),
    Crawler("AI2Bot", "Ai2", "trains open language models"),
    Crawler("cohere-training-data-crawler", "Cohere", "trains Cohere's models"),
    Crawler("DeepSeekBot", "DeepSeek", "trains DeepSeek's models"),
    Crawler("Diffbot", "Diffbot", "structured web data, also for training"),
    Crawler("img2dataset", "its users", "downloads images into training sets"),
    Crawler("LAIONDownloader", "LAION", "open training sets"),
)
TOKENS = {crawler.token.lower(): crawler.token for crawler in WATCHED}
